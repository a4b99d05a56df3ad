import { AV_LOG_ERROR } from "node-av/constants";
import { Log } from "node-av/lib";

/**
 * Keeps the libraries from telling the terminal about every encoder they open. To be called once, on the main
 * thread, before any is: SVT-AV1 reads the environment of the process when it starts.
 */
export function quietCodecs(): void {
  Log.setLevel(AV_LOG_ERROR);
  process.env.SVT_LOG ??= "1";
}
