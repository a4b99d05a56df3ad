/** Facts beside a constant message. Never a password, a key, clipboard content or a key stroke. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where servers and hosts write what happens. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  child(name: string): Log;
}

/** For tests and examples. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
