import { AdminError } from "@pulpit/admin";
import { GatewayError } from "@pulpit/gateway";
import { StoreError } from "@pulpit/store";
import { FailedError, UsageError } from "../usage.ts";

/** What a person is told when a server can't start; anything else is a bug and comes back as it is. */
export function startFailure(error: unknown): unknown {
  if (error instanceof GatewayError) return new UsageError(error.message);
  if (error instanceof AdminError) return new FailedError(error.message, { cause: error });
  if (error instanceof StoreError) return new FailedError(`The database: ${error.message}`, { cause: error });
  if (!(error instanceof Error && "code" in error && "port" in error)) return error;
  if (error.code === "EADDRINUSE")
    return new UsageError(
      `Port ${error.port} is in use: is Pulpit running already? Choose others with --port and --web-port`,
    );
  if (error.code === "EACCES") return new UsageError(`Port ${error.port} may not be opened by this user`);
  if (error.code === "EADDRNOTAVAIL") return new UsageError(`This machine has no such address: ${addressIn(error)}`);
  return error;
}

function addressIn(error: object): string {
  return "address" in error ? String(error.address) : "see --host and --web-host";
}
