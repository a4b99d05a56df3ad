import type { Permission, Scope } from "@pulpit/protocol";
import type { LoginWay, SessionView, ViewerView } from "./view.ts";

/** What a host writes down about itself; never content, never a secret. */
export type HistoryEvent =
  | { readonly type: "started"; readonly version: string }
  | { readonly type: "stopped" }
  | { readonly type: "asked"; readonly viewer: ViewerView; readonly scope: Scope }
  | {
      readonly type: "answered";
      readonly viewer: ViewerView;
      readonly answer: "accepted" | "denied" | "timed-out" | "withdrawn";
    }
  | {
      readonly type: "joined";
      readonly session: string;
      readonly viewer: ViewerView;
      readonly scope: Scope;
      readonly way: LoginWay;
      readonly secondFactor: SessionView["secondFactor"];
      readonly route: "direct" | "relay";
      readonly encrypted: boolean;
    }
  | { readonly type: "used"; readonly session: string; readonly permission: Permission }
  | {
      readonly type: "permitted";
      readonly session: string;
      readonly permission: Permission;
      readonly granted: boolean;
    }
  | { readonly type: "left"; readonly session: string; readonly viewer: ViewerView; readonly why: string }
  /** Wrong passwords and codes, filters, refusals; equal ones in a row from one address are counted into one. */
  | { readonly type: "refused"; readonly address: string; readonly why: string; readonly times: number }
  | { readonly type: "setting"; readonly name: string; readonly value: string }
  | { readonly type: "password"; readonly change: "set" | "cleared" }
  | { readonly type: "second-factor"; readonly change: "on" | "off" | "new-recovery-codes" }
  | { readonly type: "trusted"; readonly viewer: Omit<ViewerView, "address">; readonly change: "added" | "forgotten" }
  | { readonly type: "id"; readonly from: string; readonly to: string };

/** One line of the journal. */
export interface HistoryEntry {
  /** 1, 2, 3 … without gaps. */
  readonly number: number;
  /** ISO 8601, UTC, by this computer's clock. */
  readonly at: string;
  readonly event: HistoryEvent;
}

/** What a check of the whole journal found. */
export type JournalVerdict =
  | { readonly type: "whole"; readonly entries: number }
  /** `entry`: the first one that is not as it was written. */
  | {
      readonly type: "broken";
      readonly entry: number;
      readonly why: "changed" | "missing" | "not-ours" | "cut-off" | "unreadable";
    };
