import { type Link, LinkError, over, type PeekableLink, peekable } from "@pulpit/link";
import { formatServerAddress, formatTarget, ProtocolError, type ServerAddress, ViewerGreeting } from "@pulpit/protocol";
import type { ConnectWorld } from "./connect-world.ts";
import { Ended, withDetail } from "./end.ts";
import { shakeHands } from "./handshake.ts";
import { checkPin, NO_SERVER } from "./pin.ts";
import type { KnownHosts } from "./ports/known-hosts.ts";
import type { Reach, Reached } from "./reach.ts";
import { secure } from "./secure.ts";

/** A host at an address, met without any server. */
export interface AddressTarget {
  readonly address: ServerAddress;
  /** Go on with a stock host, which knows no encryption here; the person's own decision, for this host. */
  readonly allowPlaintext: boolean;
}

/**
 * Straight to an address. The host's key is checked against the one pinned there, and a first one has to be accepted:
 * `accepted` is its fingerprint. Source: docs/protocol/extensions.md, "2: direct-encrypted".
 */
export function reachByAddress(
  target: AddressTarget,
  world: ConnectWorld & { readonly knownHosts: KnownHosts },
  accepted?: string,
): Reach {
  const place = { serverKey: NO_SERVER, hostId: formatServerAddress(target.address) };
  return async (steps, signal) => {
    steps.found(["address"]);
    const link = peekable(await answered(world.dial(place.hostId, { route: "direct", signal })));
    try {
      steps.up();
      const outcome = await answered(shakeHands(new ViewerGreeting(world.crypto), looking(link), world, signal));
      switch (outcome.type) {
        case "identified": {
          const { id, hostKey } = outcome.identity;
          await checkPin(world.knownHosts, place, hostKey, accepted);
          await steps.checkKey(hostKey);
          const secured = await secure(link, id, hostKey, world, signal);
          await world.knownHosts.set(place.serverKey, place.hostId, hostKey);
          return reached(secured, { hostKey, hostId: id });
        }
        case "plaintext": {
          // Somebody in between could take the encryption away like this; what was encrypted once stays so.
          const pinned = await world.knownHosts.get(place.serverKey, place.hostId);
          if (pinned !== undefined) throw new Ended({ code: "encryption-gone" });
          if (!target.allowPlaintext) throw new Ended({ code: "unencrypted" });
          const hostId = formatTarget({ type: "address", ...target.address });
          return reached(link, { hostKey: undefined, hostId });
        }
        case "refused":
          throw new Ended(withDetail("refused", outcome.text));
        case "bad-identity":
          throw new Ended({ code: "bad-identity" });
      }
    } catch (error) {
      void link.close();
      throw error;
    }
  };
}

/** Until somebody has said something that is right, a connection that breaks means that nobody is there for us. */
async function answered<T>(attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    const broke = error instanceof LinkError && error.code !== "aborted" && error.code !== "too-large";
    const silent = error instanceof ProtocolError && error.code === "timeout";
    throw broke || silent ? new Ended({ code: "unreachable" }) : error;
  }
}

/** The link as it is looked at: what the host begins with stays in it for the handshake. */
function looking(link: PeekableLink): Link {
  return over(link, { receive: () => link.peek() });
}

function reached(link: Link, host: Pick<Reached, "hostKey" | "hostId">): Reached {
  const encrypted = host.hostKey !== undefined;
  return { ...host, link, encrypted, name: "address", ways: [{ name: "address", outcome: "won" }] };
}
