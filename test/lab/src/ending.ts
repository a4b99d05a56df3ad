const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls `clean` when the process ends in whatever way it can still do something. Disposing of it takes that back. */
export function whenProcessEnds(clean: () => void): Disposable {
  const onSignal = (signal: NodeJS.Signals): void => {
    clean();
    handlers[Symbol.dispose]();
    // Somebody else may want to end in order; otherwise the signal does what it would have done.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const handlers = {
    [Symbol.dispose](): void {
      process.off("exit", clean);
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
  process.on("exit", clean);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return handlers;
}
