export { openDatabase } from "./database.ts";
export { type Devices, devicesIn } from "./devices.ts";
export { type Wish, type Wishes, wishesIn } from "./wishes.ts";
