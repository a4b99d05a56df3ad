import { RegisterPkResponse_Result as Result } from "@pulpit/wire";

/** An undeployed device asks this seldom, ms (docs/protocol/rendezvous.md, section 4.21). */
export const NOT_DEPLOYED_RETRY = 30_000;

/** Why an ID server does not take a host's key. After `uuid-mismatch` there is no use in trying: the ID is another's. */
export type RegistrationRefusal = "uuid-mismatch" | "not-deployed" | "too-frequent" | "other";

/** What a result that is not OK means (docs/protocol/rendezvous.md, section 3.4). */
export function refusalOf(result: Result): RegistrationRefusal {
  switch (result) {
    case Result.UUID_MISMATCH:
      return "uuid-mismatch";
    case Result.NOT_DEPLOYED:
      return "not-deployed";
    case Result.TOO_FREQUENT:
      return "too-frequent";
    default:
      return "other";
  }
}
