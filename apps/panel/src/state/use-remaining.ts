import type { RequestView } from "@pulpit/host-control";
import { useEffect, useState } from "react";
import { useHost } from "./host-context.ts";

const TICK = 250;

/** What is left of a request, ms, and which part of what was left when it was first shown (1 to 0). */
export function useRemaining(request: RequestView): { readonly left: number; readonly share: number } {
  const { at } = useHost();
  const [now, setNow] = useState(() => performance.now());
  const [whole] = useState(() => Math.max(request.remaining, 1));
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, request.remaining - Math.max(0, now - at));
  return { left, share: Math.min(1, left / whole) };
}
