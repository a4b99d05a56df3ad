import type { Answer, Ask, CommandName } from "@pulpit/host-control";
import { useRef, useState } from "react";
import { Refused } from "../channel/refused.ts";
import { useHost } from "./host-context.ts";

export interface Command<N extends CommandName> {
  /** Undefined when it was refused, why is in `refused` then; or when the one before is still under way. */
  run(ask: Ask<N>): Promise<Answer<N> | undefined>;
  readonly busy: boolean;
  readonly refused: Refused | undefined;
  /** Takes the refusal away. */
  forget(): void;
}

/** An answer that comes sooner is not waited for visibly, ms: a button that is busy loses the focus of the keyboard. */
const BEFORE_BUSY = 400;

/** A command of the page, with what a button and the note below it need. */
export function useCommand<N extends CommandName>(name: N): Command<N> {
  const { ask } = useHost();
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const run = async (args: Ask<N>): Promise<Answer<N> | undefined> => {
    if (running.current) return undefined;
    running.current = true;
    setRefused(undefined);
    const timer = setTimeout(() => setBusy(true), BEFORE_BUSY);
    try {
      return await ask(name, args);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setRefused(error);
      return undefined;
    } finally {
      clearTimeout(timer);
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, refused, forget: () => setRefused(undefined) };
}
