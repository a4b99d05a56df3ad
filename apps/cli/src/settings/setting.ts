import type { Kind } from "./kinds.ts";

/** One thing the owner of a server may decide. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  /** What holds when nobody decided. */
  readonly fallback: T;
  /** What the documentation says of `fallback` where the value alone would not tell. */
  readonly otherwise?: string;
  /** One sentence, with the unit. */
  readonly about: string;
  /** Short flag, as in stock servers. */
  readonly short?: string;
  /** Its names in a stock server's environment and files. */
  readonly stock?: readonly string[];
  /** Never shown. */
  readonly secret?: true;
}

/** A setting for each member of a part of the configuration. */
export type Settings<C> = { readonly [K in keyof C]: Setting<C[K]> };

/** `webPort` as it is written: `web-port`. */
export function settingName(member: string): string {
  return member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** … and in the environment: `PULPIT_WEB_PORT`. */
export function variableName(member: string): string {
  return `PULPIT_${settingName(member).replaceAll("-", "_").toUpperCase()}`;
}
