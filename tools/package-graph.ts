/** What each package may import, and why it is no more (ARCHITECTURE.md, "Four rings"). */
export const GRAPH: Readonly<Record<string, readonly string[]>> = {
  wire: [],
  protocol: ["wire"],
  link: ["protocol", "wire"],
  host: ["host-control", "link", "protocol", "wire"],
  viewer: ["link", "protocol", "wire"],
  "host-control": ["protocol"],
  "crypto-node": ["protocol"],
  "crypto-browser": ["protocol"],
  "link-node": ["link", "protocol", "wire"],
  "net-linux": ["protocol"],
  "link-browser": ["link", "protocol", "wire"],
  "desktop-linux": ["host", "protocol"],
  "codec-ffmpeg": ["host", "viewer", "protocol"],
  "codec-libvpx": ["host"],
  "video-pipeline": ["host", "protocol", "desktop-linux", "codec-ffmpeg", "codec-libvpx"],
  "profile-node": ["host", "host-control", "viewer", "protocol"],
  "viewer-web": ["viewer", "link", "protocol", "wire", "link-browser", "crypto-browser"],
  "ways-node": ["host", "viewer", "link", "link-node", "net-linux", "protocol", "wire"],
  "page-kit": [],
  store: ["protocol"],
  rendezvous: ["wire", "protocol", "link", "link-node", "net-linux", "crypto-node", "store"],
  relay: ["wire", "protocol", "link", "link-node", "net-linux", "crypto-node"],
  gateway: ["link", "link-node"],
  admin: ["link-node"],
  "local-page": ["link-node", "net-linux"],
  "local-viewer": ["link", "link-node", "local-page", "viewer"],
  panel: ["host-control", "link-node", "local-page"],
  cli: ["*"],
  web: ["viewer", "viewer-web", "protocol", "page-kit"],
  "panel-page": ["host-control", "protocol", "page-kit"],
};

/** Rings from the inside out; imports point left only. */
export const RINGS = ["core", "platform", "servers", "apps", "test"] as const;

export const REASONS = {
  graph: "packages know only what ARCHITECTURE.md draws an arrow for; a new arrow is an architecture decision",
  ring: "imports point left only: core → platform → servers → apps",
  manifest: "what is imported has to be listed in the package's own package.json",
  escape: "packages are imported by name, never by a path into a sibling",
  world: "core has no world: time, chance and I/O come in as arguments",
} as const;
