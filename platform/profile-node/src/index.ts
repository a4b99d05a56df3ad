export { ProfileFolder } from "./folder.ts";
export { type HostIdentity, loadHostIdentity, renewHostId } from "./host-identity.ts";
export { knownHostsIn } from "./known-hosts.ts";
