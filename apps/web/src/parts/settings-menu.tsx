import { ActionIcon, Popover, Stack, Switch, TextInput } from "@mantine/core";
import { AppearanceChoice, LanguageChoice } from "@pulpit/page-kit";
import { IconSettings } from "@tabler/icons-react";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { readName, readRelayOnly, saveName, saveRelayOnly } from "../state/settings.ts";

export function SettingsMenu(): ReactElement {
  const { t } = useTranslation();
  const [name, setName] = useState(() => readName(localStorage));
  const [relayOnly, setRelayOnly] = useState(() => readRelayOnly(localStorage));
  return (
    <Popover width={320} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("settings.open")} title={t("settings.open")}>
          <IconSettings size={22} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="md">
          <LanguageChoice />
          <AppearanceChoice />
          <TextInput
            label={t("settings.name")}
            description={t("settings.nameHint")}
            value={name}
            maxLength={64}
            onChange={({ currentTarget }) => {
              setName(currentTarget.value);
              saveName(localStorage, currentTarget.value);
            }}
          />
          <Switch
            label={t("settings.relayOnly")}
            description={t("settings.relayOnlyHint")}
            checked={relayOnly}
            onChange={({ currentTarget }) => {
              setRelayOnly(currentTarget.checked);
              saveRelayOnly(localStorage, currentTarget.checked);
            }}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
