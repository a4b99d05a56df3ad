import type { SettingName } from "@pulpit/host-control";
import type { Refused } from "../channel/refused.ts";
import { useView } from "./host-context.ts";
import { useCommand } from "./use-command.ts";

export interface Setting {
  /** As `pulpit host set` takes it. */
  readonly value: string;
  /** Whether the host took it. */
  set(value: string): Promise<boolean>;
  readonly busy: boolean;
  readonly refused: Refused | undefined;
  forget(): void;
}

export function useSetting(name: SettingName): Setting {
  const { settings } = useView();
  const { run, ...command } = useCommand("settings.set");
  return { ...command, value: settings[name], set: async (value) => (await run({ name, value })) !== undefined };
}
