export { type LocalViewer, type LocalViewerConfig, type LocalViewerWorld, startLocalViewer } from "./local-viewer.ts";
