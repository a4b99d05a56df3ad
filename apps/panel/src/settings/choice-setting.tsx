import { Input, SegmentedControl, Stack, useMatches } from "@mantine/core";
import type { SettingName } from "@pulpit/host-control";
import { type ReactElement, useId } from "react";
import { useTranslation } from "react-i18next";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { useSetting } from "../state/use-setting.ts";

/** One of a few values, side by side; `long` ones below each other where there is little room. `choices`: what it is set to, and how that is called. */
export function ChoiceSetting({
  name,
  choices,
  long = false,
}: {
  readonly name: SettingName;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly long?: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const narrow = useMatches({ base: true, xs: false }, { getInitialValueInEffect: false });
  const { value, set, refused } = useSetting(name);
  return (
    <Stack gap={6} align="flex-start">
      <Input.Label component="div" id={id}>
        {t(`setting.${name}.label`)}
      </Input.Label>
      <Input.Description>{t(`setting.${name}.hint`)}</Input.Description>
      <SegmentedControl
        aria-labelledby={id}
        orientation={long && narrow ? "vertical" : "horizontal"}
        value={value}
        data={choices.map(([choice, label]) => ({ value: choice, label }))}
        onChange={(choice) => void set(choice)}
      />
      <RefusalNote refused={refused} />
    </Stack>
  );
}
