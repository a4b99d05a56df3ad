import { type Codec, permissionFromWire } from "@pulpit/protocol";
import type { Misc, PeerInfo, PeerMessage, PeerMessageInit } from "@pulpit/wire";
import type { ConnectionFacts, Permission, RemoteDisplay } from "../state.ts";
import type { StateStore } from "../store.ts";
import type { ViewerWorld } from "../viewer.ts";
import { RemoteCursor } from "./cursor.ts";
import { remoteDisplays, remotePeer } from "./remote-peer.ts";
import { RemoteVideo } from "./video.ts";

/** Keeps the picture of the remote machine up to date: its description, displays, pictures, pointer and figures. */
export class RemoteSession {
  readonly #store: StateStore;
  readonly #world: ViewerWorld;
  readonly #video: RemoteVideo;
  readonly #cursor: RemoteCursor | undefined;
  readonly #onKeyboardLost: () => void;
  #bytes = 0;

  constructor(options: {
    readonly world: ViewerWorld;
    readonly store: StateStore;
    readonly send: (message: PeerMessageInit) => void;
    readonly onUnsupported: (codec: Codec) => void;
    readonly onKeyboardLost: () => void;
  }) {
    const { world } = options;
    this.#store = options.store;
    this.#onKeyboardLost = options.onKeyboardLost;
    this.#world = world;
    this.#cursor = world.cursor === undefined ? undefined : new RemoteCursor(world.cursor, world.compression);
    this.#video = new RemoteVideo({
      sink: world.video,
      send: options.send,
      now: () => world.clock.now(),
      onCodec: (codec) => this.#facts({ codec }),
      onUnsupported: options.onUnsupported,
    });
  }

  /** A message of this many bytes came in. */
  counted(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Once a second: the figures of the second that is over. */
  second(): void {
    this.#facts({ framesPerSecond: this.#video.tick(), bytesPerSecond: this.#bytes });
    this.#bytes = 0;
  }

  connected(info: PeerInfo, decodable: readonly Codec[]): void {
    const peer = remotePeer(info, decodable);
    const display = info.currentDisplay < peer.displays.length ? Math.max(0, info.currentDisplay) : 0;
    this.#announceSizes(peer.displays);
    this.#store.set({ phase: { name: "connected" }, peer, display });
  }

  /** `delay`: round trip as the host measured it, ms; 0 before the first measurement. */
  measured(delay: number): void {
    if (delay > 0) this.#facts({ delay });
  }

  refresh(display: number): void {
    this.#video.refresh(display);
  }

  handle(message: PeerMessage): void {
    switch (message.case) {
      case "videoFrame":
        this.#video.handle(message.value);
        break;
      case "cursorData":
      case "cursorId":
      case "cursorPosition":
        this.#cursor?.handle(message);
        break;
      case "peerInfo":
        this.#displays(remoteDisplays(message.value.displays));
        break;
      case "misc":
        this.#misc(message.value.union);
        break;
    }
  }

  #misc(misc: Misc["union"]): void {
    if (misc.case === "permissionInfo") {
      const permission = permissionFromWire(misc.value.permission);
      if (permission !== undefined) this.#permit(permission as Permission, misc.value.enabled);
    } else if (misc.case === "switchDisplay") {
      const { display, x, y, width, height } = misc.value;
      const displays = this.#store.state.peer?.displays ?? [];
      const known = displays[display];
      // Zero sides leave the geometry as it is (docs/protocol/media.md, section 6.3).
      if (known === undefined || width < 1 || height < 1) return;
      const changed = remoteDisplays([
        { ...misc.value, x, y, width, height, name: known.name } as never,
      ])[0] as RemoteDisplay;
      this.#displays(displays.map((old, index) => (index === display ? changed : old)));
    }
  }

  #displays(displays: readonly RemoteDisplay[]): void {
    const { peer, display } = this.#store.state;
    if (peer === undefined) return;
    this.#announceSizes(displays);
    this.#store.set({ peer: { ...peer, displays }, display: display < displays.length ? display : 0 });
  }

  #announceSizes(displays: readonly RemoteDisplay[]): void {
    displays.forEach(({ width, height }, index) => {
      this.#world.video.resize(index, width, height);
    });
  }

  #permit(permission: Permission, enabled: boolean): void {
    const before = this.#store.state.permissions;
    if (before.has(permission) === enabled) return;
    const permissions = new Set(before);
    if (enabled) permissions.add(permission);
    else permissions.delete(permission);
    this.#store.set({ permissions });
    // What is down stays down for us otherwise, and would be down again the moment the permission comes back.
    if (permission === "keyboard" && !enabled) this.#onKeyboardLost();
  }

  #facts(change: Partial<ConnectionFacts>): void {
    const { connection } = this.#store.state;
    if (connection !== undefined) this.#store.set({ connection: { ...connection, ...change } });
  }
}
