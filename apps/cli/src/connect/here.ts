import { hostname, userInfo } from "node:os";
import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { loadHostIdentity, ProfileError, type ProfileFolder } from "@pulpit/profile-node";
import type { ViewerIdentity } from "@pulpit/viewer";

const PLATFORMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: "Windows", darwin: "Mac OS" };

/** Who looks from this computer, as hosts are told: its own ID and the name of its user. Unverified, like everybody's. */
export function identityHere(folder: ProfileFolder): ViewerIdentity {
  return { id: ownId(folder), name: userName(), platform: PLATFORMS[process.platform] ?? "Linux" };
}

function ownId(folder: ProfileFolder): string {
  try {
    return loadHostIdentity(folder, nodeCrypto(), nodeRandom()).id;
  } catch (error) {
    // A damaged identity is no reason not to help somebody else.
    if (error instanceof ProfileError) return hostname();
    throw error;
  }
}

/** Without an entry in the system's list, as in some containers, there is no name. */
function userName(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return hostname();
  }
}
