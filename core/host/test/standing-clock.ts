import type { Clock } from "@pulpit/link";

/** Stands still until it is told to go on. */
export interface StandingClock extends Clock {
  advance(by: number): Promise<void>;
}

export function standingClock(): StandingClock {
  let time = 0;
  const alarms = new Set<{ when: number; ring: () => void }>();
  return {
    now: () => time,
    alarm(when, ring) {
      const alarm = { when, ring };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    async advance(by) {
      for (const end = time + by; time < end; ) {
        time = Math.min(end, ...[...alarms].map(({ when }) => Math.max(when, time + 1)));
        for (const alarm of alarms) {
          if (alarm.when > time) continue;
          alarms.delete(alarm);
          alarm.ring();
        }
        // What was waited for goes on before more time passes.
        for (let i = 0; i < 5; i++) await new Promise(setImmediate);
      }
    },
  };
}
