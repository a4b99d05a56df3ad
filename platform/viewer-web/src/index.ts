export { decodableCodecs, whyUnsupported } from "./decode/support.ts";
export { RemoteDesktopElement } from "./element.ts";
export { browserKnownHosts } from "./known-hosts.ts";
export type { Fit } from "./render/fit.ts";
