export { type AttemptsFile, attemptsIn } from "./attempts-file.ts";
export { ProfileFolder } from "./folder.ts";
export {
  changeHostId,
  type HostIdentity,
  type ImportedIdentity,
  importHostIdentity,
  loadHostIdentity,
  renewHostId,
} from "./host-identity.ts";
export { hostSecretsIn } from "./host-secrets.ts";
export { type Journal, type JournalOptions, openJournal } from "./journal/journal.ts";
export { journalPage } from "./journal/page.ts";
export { verifyJournal } from "./journal/verify.ts";
export { type KnownHost, type KnownHostList, knownHostsIn } from "./known-hosts.ts";
export { ProfileError, type ProfileErrorCode } from "./profile-error.ts";
export { readStockHost, type StockHost, type StockProblem } from "./stock-host.ts";
export { type Vault, vaultIn } from "./vault.ts";
