export type { PanelConfig } from "./config.ts";
export { type Panel, type PanelWorld, startPanel } from "./panel.ts";
