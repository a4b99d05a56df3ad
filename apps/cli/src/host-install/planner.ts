import { UsageError } from "../usage.ts";
import { launchd } from "./launchd.ts";
import type { InstallPlan, InstallWish, ServicePlace, ServicePlanner, UninstallPlan } from "./service-plan.ts";
import { systemd } from "./systemd.ts";
import { windowsTask } from "./windows-task.ts";

const PLANNERS: Readonly<Partial<Record<NodeJS.Platform, ServicePlanner>>> = {
  linux: systemd,
  darwin: launchd,
  win32: windowsTask,
};

/** Whatever runs services on this operating system. Throws UsageError where nothing is known. */
export function plannerFor(platform: NodeJS.Platform): ServicePlanner {
  const planner = PLANNERS[platform];
  if (planner === undefined) throw new UsageError(`Installing a host is not built for ${platform}`);
  return planner;
}

/** Files to write and commands to run. */
export function planInstall(platform: NodeJS.Platform, wish: InstallWish): InstallPlan {
  return plannerFor(platform).install(wish);
}

/** Commands to run and files to remove. */
export function planUninstall(platform: NodeJS.Platform, place: ServicePlace): UninstallPlan {
  return plannerFor(platform).uninstall(place);
}
