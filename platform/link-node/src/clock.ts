import type { Clock } from "@pulpit/link";

/** The machine's monotonic clock. Alarms keep nothing alive that has no other reason to live. */
export function nodeClock(): Clock {
  return {
    now: () => performance.now(),
    alarm(when, callback) {
      const timer = setTimeout(callback, Math.max(0, Math.ceil(when - performance.now())));
      return () => clearTimeout(timer);
    },
  };
}
