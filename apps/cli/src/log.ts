import type { Log, LogFields } from "@pulpit/link-node";
import { destination, type Logger, pino } from "pino";

/** Structured lines on standard error. `level`: what is written at least. */
export function openLog(level: "debug" | "info" | "warn"): Log {
  return wrap(pino({ level, base: null }, destination({ fd: 2, sync: true })));
}

function wrap(logger: Logger): Log {
  const write = (level: "debug" | "info" | "warn" | "error") => (message: string, fields?: LogFields) => {
    logger[level](fields ?? {}, message);
  };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (name) => wrap(logger.child({ part: name })),
  };
}
