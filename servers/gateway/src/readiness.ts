import { READY_AGAIN_AFTER, READY_WITHIN } from "./config.ts";

/** Whether the server should be given work, for whoever balances or restarts it. */
export type Readiness = { readonly type: "ready" } | { readonly type: "not-ready"; readonly why: string };

/** Asks with a limit on time and rate. `now`: ms. */
export function patientReadiness(
  ask: () => Readiness | Promise<Readiness>,
  now: () => number,
): () => Promise<Readiness> {
  let answer: Promise<Readiness> | undefined;
  let asked = 0;
  return () => {
    if (answer === undefined || now() - asked >= READY_AGAIN_AFTER) {
      asked = now();
      answer = inTime(ask);
    }
    return answer;
  };
}

async function inTime(ask: () => Readiness | Promise<Readiness>): Promise<Readiness> {
  const { promise: late, resolve } = Promise.withResolvers<Readiness>();
  const timer = setTimeout(() => resolve({ type: "not-ready", why: "no answer in time" }), READY_WITHIN);
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    // Whatever is broken, this is the place to say so; it is not a reason to stop answering.
    return { type: "not-ready", why: error instanceof Error ? error.message : "failed" };
  } finally {
    clearTimeout(timer);
  }
}
