// The part of the npm package x11 that Pulpit uses; it ships no declarations.
declare module "x11" {
  /** Answering true means that an error was dealt with and is not to come as an event too. */
  export type Callback<T> = (error: Error | null, value: T) => void;

  export interface Visual {
    readonly red_mask: number;
    readonly green_mask: number;
    readonly blue_mask: number;
  }

  export interface Screen {
    readonly root: number;
    readonly root_depth: number;
    readonly root_visual: number;
    readonly pixel_width: number;
    readonly pixel_height: number;
    /** By depth, then by visual. */
    readonly depths: Readonly<Record<number, Readonly<Record<number, Visual>>>>;
  }

  export interface Display {
    readonly client: Client;
    readonly screen: readonly Screen[];
    readonly min_keycode: number;
    readonly max_keycode: number;
    readonly format: Readonly<Record<number, { readonly bits_per_pixel: number }>>;
    /** 0: least significant byte first. */
    readonly image_byte_order: number;
  }

  export interface XEvent {
    readonly name?: string;
    readonly type: number;
    readonly request?: number;
  }

  export interface WindowValues {
    readonly backgroundPixel?: number;
    readonly overrideRedirect?: number;
    readonly eventMask?: number;
  }

  export interface Client {
    /** Which of the display's screens the name asked for. */
    readonly screenNum: number | string;
    /** Numbers of names that the package remembers. */
    atoms: Record<string, number>;
    /** Undefined until the transport is connected. */
    readonly stream?: Transport;
    on(event: "event", listener: (event: XEvent) => void): this;
    on(event: "connect", listener: () => void): this;
    on(event: "error" | "end", listener: (error?: Error) => void): this;
    require(extension: string, callback: Callback<never>): void;
    AllocID(): number;
    GetInputFocus(callback: Callback<unknown>): void;
    GetGeometry(drawable: number, callback: Callback<{ width: number; height: number }>): void;
    InternAtom(onlyIfExists: boolean, name: string, callback: Callback<number>): void;
    /** `start` and `length` in units of 4 bytes; the type is 0 when there is no such property. */
    GetProperty(
      remove: 0 | 1,
      window: number,
      property: number,
      type: number,
      start: number,
      length: number,
      callback: Callback<{ type: number }>,
    ): void;
    GetAtomName(atom: number, callback: Callback<string>): void;
    GetImage(
      format: number,
      drawable: number,
      x: number,
      y: number,
      w: number,
      h: number,
      mask: number,
      callback: Callback<{ data: Uint8Array }>,
    ): void;
    QueryPointer(window: number, callback: Callback<{ rootX: number; rootY: number; keyMask: number }>): void;
    GetKeyboardMapping(first: number, count: number, callback: Callback<number[][]>): void;
    GetModifierMapping(callback: Callback<number[][]>): void;
    ChangeKeyboardMapping(first: number, perCode: number, keysyms: readonly number[]): void;
    ChangeWindowAttributes(window: number, values: WindowValues): void;
    /** Zero width or height: to the window's edge. */
    ClearArea(window: number, x: number, y: number, width: number, height: number, exposures: 0 | 1): void;
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      border: number,
      depth: number,
      kind: number,
      visual: number,
      values: WindowValues,
    ): void;
    MapWindow(window: number): void;
    ChangeHosts(mode: number, family: number, address: Uint8Array): void;
    terminate(): void;

    // What the package's own extensions are made of, for requests that it lacks.
    seq_num: number;
    readonly replies: Record<number, [unpack: (body: Uint8Array) => unknown, callback: Callback<never>]>;
    readonly pack_stream: { put(request: Uint8Array): void; submit(expectsReply: boolean): void };
  }

  export interface Transport {
    readonly destroyed: boolean;
    once(event: "close", listener: () => void): this;
    destroy(): void;
  }

  export interface Xtest {
    readonly KeyPress: number;
    readonly KeyRelease: number;
    readonly ButtonPress: number;
    readonly ButtonRelease: number;
    readonly MotionNotify: number;
    FakeInput(type: number, detail: number, time: number, root: number, x: number, y: number): void;
  }

  export interface Damage {
    readonly ReportLevel: { readonly NonEmpty: number };
    Create(damage: number, drawable: number, level: number): void;
    Subtract(damage: number, repair: number, parts: number): void;
  }

  export interface Rectangle {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }

  export interface CursorImage {
    readonly width: number;
    readonly height: number;
    readonly xhot: number;
    readonly yhot: number;
    readonly cursorSerial: number;
    /** B, G, R, A; premultiplied. */
    readonly cursorImage: Uint8Array;
  }

  export interface Fixes {
    CreateRegion(region: number, rectangles: readonly Rectangle[]): void;
    FetchRegion(region: number, callback: Callback<{ rectangles: readonly Rectangle[] }>): void;
    SelectCursorInput(window: number, mask: number): void;
    GetCursorImage(callback: Callback<CursorImage>): void;
  }

  export interface Shm {
    Attach(segment: number, id: number, readOnly: boolean, callback: Callback<void>): void;
    GetImage(
      drawable: number,
      x: number,
      y: number,
      w: number,
      h: number,
      mask: number,
      format: number,
      segment: number,
      offset: number,
      callback: Callback<unknown>,
    ): void;
  }

  export interface Randr {
    readonly majorOpcode: number;
    readonly firstEvent: number;
    readonly major_version: number;
    readonly minor_version: number;
    GetScreenResourcesCurrent(window: number, callback: Callback<{ outputs: readonly number[] }>): void;
    GetOutputInfo(output: number, time: number, callback: Callback<{ name: string; crtc: number }>): void;
    GetCrtcInfo(crtc: number, time: number, callback: Callback<Rectangle>): void;
    GetOutputPrimary(window: number, callback: Callback<number>): void;
    SelectInput(window: number, mask: number): void;
  }

  const x11: {
    createClient(
      options: { display: string; shm?: false; auth?: { name: string; data: string } },
      callback: Callback<Display>,
    ): Client;
    readonly eventMask: { readonly PropertyChange: number; readonly StructureNotify: number };
  };
  export default x11;
}
