import { ActionIcon, Popover, Stack, TextInput } from "@mantine/core";
import { AppearanceChoice, LanguageChoice } from "@pulpit/page-kit";
import { IconSettings } from "@tabler/icons-react";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { readName, saveName } from "../state/settings.ts";

export function SettingsMenu(): ReactElement {
  const { t } = useTranslation();
  const [name, setName] = useState(() => readName(localStorage));
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
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
