import { Stack, Switch } from "@mantine/core";
import type { SettingName } from "@pulpit/host-control";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { useSetting } from "../state/use-setting.ts";

/** `unavailable`: why it can't be switched, in place of what it means. */
export function SwitchSetting({
  name,
  unavailable,
}: {
  readonly name: SettingName;
  readonly unavailable?: string | undefined;
}): ReactElement {
  const { t } = useTranslation();
  const { value, set, refused } = useSetting(name);
  return (
    <Stack gap="xs">
      <Switch
        label={t(`setting.${name}.label`)}
        description={unavailable ?? t(`setting.${name}.hint`)}
        checked={value === "yes"}
        disabled={unavailable !== undefined}
        onChange={({ currentTarget }) => void set(currentTarget.checked ? "yes" : "no")}
      />
      <RefusalNote refused={refused} />
    </Stack>
  );
}
