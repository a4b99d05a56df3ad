export { openDatabase } from "./database.ts";
export { type Devices, devicesIn } from "./devices.ts";
