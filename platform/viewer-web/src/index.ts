export { decodableCodecs, whyUnsupported } from "./decode/support.ts";
export { RemoteDesktopElement } from "./element.ts";
export type { Fit } from "./render/fit.ts";
