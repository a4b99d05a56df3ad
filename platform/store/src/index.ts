export type { Adoption } from "./adopt.ts";
export { openDatabase } from "./database.ts";
export { type Devices, devicesIn } from "./devices.ts";
export { readStockDevices, type StockDevices } from "./stock-database.ts";
export { StoreError, type StoreErrorCode } from "./store-error.ts";
export { type Wish, type Wishes, wishesIn } from "./wishes.ts";
