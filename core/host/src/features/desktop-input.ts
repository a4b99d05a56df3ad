import { type MessageKey, MouseType, type Permission, switched } from "@pulpit/protocol";
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
  readonly #onAction: () => void;
  #viewOnly = false;

  constructor(options: {
    readonly channel: ViewerChannel;
    readonly desktop: Desktop;
    readonly input: Input;
    /** The viewer moved or used the pointer. */
    readonly onPointer: () => void;
    /** The viewer did what it expects to see something of: anything but moving the pointer. */
    readonly onAction: () => void;
  }) {
    this.#channel = options.channel;
    this.#onPointer = options.onPointer;
    this.#onAction = options.onAction;
    this.#events = new InputFeature({
      input: options.input,
      displays: () => options.desktop.displays(),
      platform: options.desktop.platform,
    });
  }

  handle(message: PeerMessage): void {
    if (this.#viewOnly) return;
    if (message.case === "mouseEvent") this.#onPointer();
    if (message.case !== "mouseEvent" || (message.value.mask & 7) !== MouseType.move) this.#onAction();
    if (message.case === "mouseEvent" || message.case === "keyEvent" || message.case === "pointerDeviceEvent") {
      this.#events.handle(message, this.#channel.now());
    }
  }

  option(option: OptionMessage): void {
    this.#viewOnly = switched(option.disableKeyboard) ?? this.#viewOnly;
    if (this.#viewOnly) this.#events.releaseAll();
  }

  permitted(granted: ReadonlySet<Permission>): void {
    if (!granted.has("keyboard")) this.#events.releaseAll();
  }

  measured(): void {
    this.#events.expire(this.#channel.now());
  }

  async close(): Promise<void> {
    this.#events.releaseAll();
  }
}
