import { type MessageKey, switched } from "@pulpit/protocol";
import type { OptionMessage, PeerMessage } from "@pulpit/wire";
import type { Desktop } from "../ports/desktop.ts";
import type { Input } from "../ports/input.ts";
import type { Feature, ViewerChannel } from "./feature.ts";
import { InputFeature } from "./input.ts";

/** Mouse and keyboard of a desktop session; view-only lets go of everything and stays deaf. */
export class DesktopInput implements Feature {
  readonly handles: readonly MessageKey[] = ["mouseEvent", "keyEvent", "pointerDeviceEvent"];
  readonly #channel: ViewerChannel;
  readonly #events: InputFeature;
  readonly #onPointer: () => void;
  #viewOnly = false;

  constructor(options: { channel: ViewerChannel; desktop: Desktop; input: Input; onPointer: () => void }) {
    this.#channel = options.channel;
    this.#onPointer = options.onPointer;
    this.#events = new InputFeature({
      input: options.input,
      displays: () => options.desktop.displays(),
      platform: options.desktop.platform,
    });
  }

  handle(message: PeerMessage): void {
    if (this.#viewOnly) return;
    if (message.case === "mouseEvent") this.#onPointer();
    if (message.case === "mouseEvent" || message.case === "keyEvent" || message.case === "pointerDeviceEvent") {
      this.#events.handle(message, this.#channel.now());
    }
  }

  option(option: OptionMessage): void {
    this.#viewOnly = switched(option.disableKeyboard) ?? this.#viewOnly;
    if (this.#viewOnly) this.#events.releaseAll();
  }

  measured(): void {
    this.#events.expire(this.#channel.now());
  }

  async close(): Promise<void> {
    this.#events.releaseAll();
  }
}
