import type { Desktop } from "@pulpit/host";
import { FailedError, UsageError } from "./usage.ts";

/** The desktop to share, and what has to be ended with it. */
export interface SharedDesktop extends AsyncDisposable {
  readonly desktop: Desktop;
  /** Rejects when the desktop is gone. */
  readonly lost: Promise<never>;
  /** Which one it is, for the person: `:0` or `a virtual desktop`. */
  readonly virtual: boolean;
  readonly display: string;
}

/**
 * Opens this machine's desktop, or a virtual one where there is none or one is wanted. The only file that
 * knows all systems.
 */
export async function openDesktop(options: {
  readonly display: string | undefined;
  readonly virtual: boolean;
  readonly size: { readonly width: number; readonly height: number };
}): Promise<SharedDesktop> {
  if (process.platform !== "linux") {
    throw new UsageError(`Sharing a desktop is not built for ${process.platform} yet; 'pulpit server' runs here`);
  }
  const { openX11Desktop, startVirtualDesktop, x11Answers } = await import("@pulpit/desktop-linux");
  const { openVideoSource } = await import("@pulpit/video-pipeline");
  const stack = new AsyncDisposableStack();
  try {
    const real = !options.virtual && options.display !== undefined && (await x11Answers(options.display));
    const display = real ? (options.display as string) : stack.use(await startVirtualDesktop(options.size)).display;
    const desktop = stack.use(await openX11Desktop({ display, openVideo: openVideoSource }));
    const open = stack.move();
    const lost = desktop.lost.catch((cause: unknown) => {
      throw new FailedError("The desktop has gone: its X server has ended", { cause });
    });
    // Not everybody looks at it.
    lost.catch(() => undefined);
    return { desktop, lost, virtual: !real, display, [Symbol.asyncDispose]: () => open.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    if (error instanceof Error && error.name === "DesktopError") throw new UsageError(error.message);
    throw error;
  }
}
