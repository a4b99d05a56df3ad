import { type ChannelLink, GO_ON_BELOW, LinkError, type RawChannel } from "@pulpit/link";

/** A clean close waits this long for the other end to agree, ms: what was sent is still on its way. */
const LINGER = 3_000;
/** Bytes that may arrive before somebody reads: a host begins with a few hundred. */
const MAX_EARLY = 256 * 1024;

/** A page's data channel, and how the link over it learns what happens. */
export interface PageChannel extends RawChannel {
  /** From now on `link` is told, first of what has come already. */
  tell(link: Pick<ChannelLink, "received" | "hasRoom" | "ended">): void;
  /** The connection failed. */
  broke(): void;
}

/** `channel`: at the moment of its `open` event or before; nothing it brings is lost. */
export function pageChannel(connection: RTCPeerConnection, channel: RTCDataChannel): PageChannel {
  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = GO_ON_BELOW;
  const early: Uint8Array[] = [];
  let earlyBytes = 0;
  let told: Parameters<PageChannel["tell"]>[0] | undefined;
  let failure: LinkError | undefined;
  const gone = Promise.withResolvers<void>();

  channel.addEventListener("message", ({ data }) => {
    // Text is not ours.
    if (!(data instanceof ArrayBuffer)) return;
    const message = new Uint8Array(data);
    if (told !== undefined) return told.received(message);
    early.push(message);
    earlyBytes += message.length;
    if (earlyBytes > MAX_EARLY || early.length > MAX_EARLY / 128) {
      failure = new LinkError("too-large", "more than anybody reads");
      destroy();
    }
  });
  channel.addEventListener("bufferedamountlow", () => told?.hasRoom());
  channel.addEventListener("close", () => {
    told?.ended(failure);
    connection.close();
    gone.resolve();
  });

  function destroy(): void {
    // The page's own close tells nothing back.
    connection.close();
    gone.resolve();
  }

  return {
    send: (message) => channel.send(message as Uint8Array<ArrayBuffer>),
    get bufferedAmount() {
      return channel.bufferedAmount;
    },
    async finish(sent) {
      const timer = setTimeout(gone.resolve, LINGER);
      await Promise.race([sent, gone.promise]);
      channel.close();
      await gone.promise;
      clearTimeout(timer);
      destroy();
    },
    destroy,
    tell(link) {
      told = link;
      for (const message of early.splice(0)) link.received(message);
      if (failure !== undefined || channel.readyState === "closed") link.ended(failure);
    },
    broke() {
      failure ??= new LinkError("reset", "the connection broke");
      told?.ended(failure);
      destroy();
    },
  };
}
