import { setTimeout as after } from "node:timers/promises";
import { GO_ON_BELOW, LinkError, type RawChannel } from "@pulpit/link";
import type { DataChannel, PeerConnection } from "node-datachannel";

/** A clean close waits this long for the other end to go, ms: what was sent is still on its way. */
const LINGER = 3_000;
/**
 * Between the last message and the close, ms: the library tells of a close on another way than of messages, and drops
 * those that it has overtaken. An end that is not busy has read them by then.
 */
const BEFORE_CLOSE = 50;

/** What a data channel tells; see `ChannelLink`. */
export interface ChannelEvents {
  received(message: Uint8Array): void;
  hasRoom(): void;
  ended(failure?: LinkError): void;
}

/** The channel, and what the connection's state means for it. */
export interface NodeChannel extends RawChannel {
  /** The other end is gone for now, or for good. */
  left(): void;
  /** The connection failed. */
  broke(): void;
}

/**
 * node-datachannel's channel as core wants it. The closures here are what keeps connection and channel alive: the library ends what JavaScript forgets.
 */
export function rawChannel(connection: PeerConnection, channel: DataChannel, events: ChannelEvents): NodeChannel {
  const gone = Promise.withResolvers<void>();
  let closed = false;
  let finishing = false;
  channel.setBufferedAmountLowThreshold(GO_ON_BELOW);
  channel.onBufferedAmountLow(() => events.hasRoom());
  // First this and then `onClosed`, with nothing in between: it is the order in which they are called.
  channel.onMessage((data) => {
    // Text is not ours.
    if (typeof data !== "string") events.received(data instanceof Uint8Array ? data : new Uint8Array(data));
  });
  channel.onClosed(() => {
    closed = true;
    events.ended();
    // Our own clean close waits for the other end to go.
    if (!finishing) destroy();
  });

  function destroy(): void {
    closed = true;
    connection.close();
    gone.resolve();
  }

  return {
    send(message) {
      if (closed) throw new LinkError("closed", "the channel is closed");
      channel.sendMessageBinary(message);
    },
    get bufferedAmount() {
      return closed ? 0 : channel.bufferedAmount();
    },
    async finish(sent) {
      finishing = true;
      const timer = setTimeout(gone.resolve, LINGER);
      await Promise.race([sent.then(() => after(BEFORE_CLOSE)), gone.promise]);
      // Announced behind what was sent; the other end then ends the connection (section 13.5).
      if (!closed) channel.close();
      await gone.promise;
      clearTimeout(timer);
      destroy();
    },
    destroy,
    left() {
      if (finishing) gone.resolve();
    },
    broke() {
      events.ended(new LinkError("reset", "the connection broke"));
      destroy();
    },
  };
}

/** Only one channel is used; the library frees a channel when it may tell that it is closed. */
export function discard(channel: DataChannel): void {
  channel.onClosed(() => undefined);
  channel.close();
}
