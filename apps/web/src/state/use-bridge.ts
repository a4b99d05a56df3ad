import { useSyncExternalStore } from "react";
import type { Bridge, BridgeState } from "./bridge.ts";

export function useBridge(bridge: Bridge): BridgeState {
  return useSyncExternalStore(bridge.subscribe, bridge.state);
}
