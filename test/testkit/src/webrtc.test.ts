import { linkCompliance } from "./link-compliance.ts";
import { openPair } from "./webrtc-pair.ts";

linkCompliance("WebRTC", async () => {
  const { viewer, host } = await openPair();
  return {
    a: viewer,
    b: host,
    [Symbol.asyncDispose]: async () => void (await Promise.all([viewer.close(), host.close()])),
  };
});
