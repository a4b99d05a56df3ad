import { useEffect, useState } from "react";

const SECOND = 1000;

/** Seconds left of `seconds`, counted from when the component appeared; 0 when they are over. */
export function useCountdown(seconds: number): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    // By the clock, because a tab in the background does not get every tick.
    const until = performance.now() + seconds * SECOND;
    const timer = setInterval(() => {
      const now = Math.max(0, Math.ceil((until - performance.now()) / SECOND));
      setLeft(now);
      if (now === 0) clearInterval(timer);
    }, SECOND / 2);
    return () => clearInterval(timer);
  }, [seconds]);
  return left;
}
