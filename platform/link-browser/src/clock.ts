import type { Clock } from "@pulpit/link";

/** The page's monotonic clock. */
export function browserClock(): Clock {
  return {
    now: () => performance.now(),
    alarm(when, callback) {
      const timer = setTimeout(callback, Math.max(0, Math.ceil(when - performance.now())));
      return () => clearTimeout(timer);
    },
  };
}
