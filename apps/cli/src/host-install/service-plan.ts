/** A line in every file that `pulpit host install` writes; only files that have it are replaced or removed. */
export const MARKER = "Written by 'pulpit host install'; 'pulpit host uninstall' removes it.";

/** For whom the host runs. */
export type ServiceKind =
  | "user" // with the session of the person who installs it
  | "system"; // from boot, for one named user

/** Where a service is, or will be. */
export interface ServicePlace {
  readonly kind: ServiceKind;
  /** Home folder of who installs. */
  readonly home: string;
  /** Number of who installs, for launchd. */
  readonly uid: number;
  /** Variables that decide where Pulpit and the system look for files. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface InstallWish extends ServicePlace {
  /** Program and arguments that share the desktop; the program is an absolute path. */
  readonly command: readonly string[];
  /** Absolute path of in-session.ts, to wait for a desktop with; undefined when none has to be waited for. */
  readonly inSession: string | undefined;
  /** As whom a service of the system runs; on Windows, who logs on. */
  readonly user: string;
}

export interface PlannedFile {
  readonly path: string;
  readonly content: string;
  readonly encoding: "utf8" | "utf16le";
}

/** A program to run, without a shell. */
export interface PlannedCommand {
  readonly argv: readonly [program: string, ...args: string[]];
  /** It may fail without harm, for instance because there is nothing to stop. */
  readonly optional?: boolean;
  /** Run only if a file was changed, or only if none was; undefined: always. */
  readonly when?: "changed" | "unchanged";
}

/** Everything that installing does, as data. */
export interface InstallPlan {
  readonly files: readonly PlannedFile[];
  readonly commands: readonly PlannedCommand[];
  /** The commands make sense only where this is; undefined when they always do. */
  readonly managerAt: string | undefined;
  /** What the person should know, in whole sentences. */
  readonly notes: readonly string[];
}

/** Everything that uninstalling does. */
export interface UninstallPlan {
  /** Run before the files are removed, and only if one is there. */
  readonly before: readonly PlannedCommand[];
  readonly files: readonly Omit<PlannedFile, "content">[];
  /** Links that a service manager made, removed if they lead to `to`. */
  readonly links: readonly { readonly path: string; readonly to: string }[];
  readonly after: readonly PlannedCommand[];
  readonly managerAt: string | undefined;
}

/** What a service manager of one operating system is told. Pure: nothing is read, written or run. */
export interface ServicePlanner {
  install(wish: InstallWish): InstallPlan;
  uninstall(place: ServicePlace): UninstallPlan;
  /** A program that succeeds when the host runs. */
  running(place: Pick<ServicePlace, "kind" | "uid">): PlannedCommand;
}
