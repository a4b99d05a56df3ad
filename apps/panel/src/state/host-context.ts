import type { Answer, Ask, CommandName, HostView } from "@pulpit/host-control";
import { type Context, createContext, use } from "react";
import type { Shown } from "../channel/page-state.ts";

/** What every part of the page has at hand. */
export interface Host extends Shown {
  /** Rejects with Refused only. */
  ask<N extends CommandName>(name: N, ask: Ask<N>): Promise<Answer<N>>;
  /** The host does not answer at the moment. */
  readonly away: boolean;
}

export const HostContext: Context<Host | undefined> = createContext<Host | undefined>(undefined);

export function useHost(): Host {
  const host = use(HostContext);
  if (host === undefined) throw new Error("useHost outside of HostContext");
  return host;
}

export function useView(): HostView {
  return useHost().view;
}
