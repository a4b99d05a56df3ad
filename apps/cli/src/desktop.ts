import type { Desktop, Notifier } from "@pulpit/host";
import type { Log } from "@pulpit/link-node";
import { FailedError, UsageError } from "./usage.ts";

/** The desktop to share, and what has to be ended with it. */
export interface SharedDesktop extends AsyncDisposable {
  readonly desktop: Desktop;
  /** Rejects when the desktop is gone. */
  readonly lost: Promise<never>;
  /** Which one it is, for the person: `:0` or `a virtual desktop`. */
  readonly virtual: boolean;
  readonly display: string;
  /** Notifications on it; undefined where nobody looks at it. */
  readonly notifier: Notifier | undefined;
}

/**
 * Opens this machine's desktop, or a virtual one where there is none or one is wanted. The only file that
 * knows all systems.
 */
export async function openDesktop(options: {
  readonly display: string | undefined;
  readonly virtual: boolean;
  readonly size: { readonly width: number; readonly height: number };
  /** Of the environment; says where the person's session is. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}): Promise<SharedDesktop> {
  if (process.platform !== "linux") {
    throw new UsageError(`Sharing a desktop is not built for ${process.platform} yet; 'pulpit server' runs here`);
  }
  const { openNotifySend, openX11Desktop, startVirtualDesktop, x11Answers } = await import("@pulpit/desktop-linux");
  const { openVideoSource } = await import("@pulpit/video-pipeline");
  const stack = new AsyncDisposableStack();
  try {
    const real = !options.virtual && options.display !== undefined && (await x11Answers(options.display));
    const display = real ? (options.display as string) : stack.use(await startVirtualDesktop(options.size)).display;
    const desktop = stack.use(await openX11Desktop({ display, openVideo: openVideoSource }));
    const onTrouble = (why: string): void => options.log.info("no notifications are shown", { why });
    const notifier = real ? stack.use(openNotifySend({ env: options.variables, onTrouble })) : undefined;
    const open = stack.move();
    const lost = desktop.lost.catch((cause: unknown) => {
      throw new FailedError("The desktop has gone: its X server has ended", { cause });
    });
    // Not everybody looks at it.
    lost.catch(() => undefined);
    return { desktop, lost, virtual: !real, display, notifier, [Symbol.asyncDispose]: () => open.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    if (error instanceof Error && error.name === "DesktopError") throw new UsageError(error.message);
    throw error;
  }
}
