import type { Reception } from "@pulpit/host";

const DAY = 24 * 60 * 60_000;
/** How often it is looked at, ms: a computer that slept for days renews when it wakes. */
const EVERY = 60_000;

/** Changes the one-time password once a day, where the owner wants it so. */
export function renewDaily(reception: Reception): Disposable {
  let since = Date.now();
  const stop = reception.oneTime.onChanged(() => {
    since = Date.now();
  });
  const timer = setInterval(() => {
    const due = Date.now() - since >= DAY || Date.now() < since;
    if (due && reception.policy().oneTimeRenewal === "daily") reception.oneTime.renew();
  }, EVERY).unref();
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      stop();
    },
  };
}
