import type { ViewerWorld } from "./viewer.ts";

/** What it takes to reach a host, without looking at anything. */
export type ConnectWorld = Pick<ViewerWorld, "dial" | "ways" | "crypto" | "random" | "clock">;
