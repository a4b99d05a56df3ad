export type { LocalPageConfig } from "./config.ts";
export { type LocalPage, type LocalPageWorld, startLocalPage } from "./local-page.ts";
export { PageDoor, type PageDoorOptions } from "./page-door.ts";
export type { LetIn, PageSocket } from "./page-socket.ts";
export { part } from "./parting.ts";
