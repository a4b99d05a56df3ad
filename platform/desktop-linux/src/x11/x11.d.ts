// The part of the npm package x11 that Pulpit uses; it ships no declarations.
declare module "x11" {
  export type Callback<T> = (error: Error | null, value: T) => void;

  export interface Screen {
    readonly root: number;
    readonly root_depth: number;
    readonly pixel_width: number;
    readonly pixel_height: number;
  }

  export interface Display {
    readonly client: Client;
    readonly screen: readonly Screen[];
    readonly min_keycode: number;
    readonly max_keycode: number;
    readonly format: Readonly<Record<number, { readonly bits_per_pixel: number }>>;
  }

  export interface XEvent {
    readonly name?: string;
    readonly type: number;
    readonly request?: number;
  }

  export interface Client {
    on(event: "event", listener: (event: XEvent) => void): this;
    on(event: "error" | "end" | "close", listener: (error?: Error) => void): this;
    require(extension: string, callback: Callback<never>): void;
    AllocID(): number;
    GetInputFocus(callback: Callback<unknown>): void;
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
    ChangeWindowAttributes(window: number, values: { eventMask?: number }): void;
    terminate(): void;
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

  export interface Fixes {
    CreateRegion(region: number, rectangles: readonly Rectangle[]): void;
    FetchRegion(region: number, callback: Callback<{ rectangles: readonly Rectangle[] }>): void;
    SelectCursorInput(window: number, mask: number): void;
    GetCursorImage(
      callback: Callback<{
        x: number;
        y: number;
        width: number;
        height: number;
        xhot: number;
        yhot: number;
        cursorSerial: number;
        cursorImage: Uint8Array;
      }>,
    ): void;
  }

  export interface Shm {
    Attach(segment: number, id: number, readOnly: boolean, callback: (error: Error | null) => boolean): void;
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
    GetScreenResourcesCurrent(
      window: number,
      callback: Callback<{ outputs: readonly number[]; crtcs: readonly number[] }>,
    ): void;
    GetOutputInfo(
      output: number,
      time: number,
      callback: Callback<{ name: string; crtc: number; connection: number }>,
    ): void;
    GetCrtcInfo(crtc: number, time: number, callback: Callback<Rectangle>): void;
    GetOutputPrimary?(window: number, callback: Callback<number>): void;
    SelectInput(window: number, mask: number): void;
  }

  const x11: {
    createClient(options: { display: string; shm?: false }, callback: Callback<Display>): Client;
    readonly eventMask: { readonly PropertyChange: number; readonly StructureNotify: number };
  };
  export default x11;
}
