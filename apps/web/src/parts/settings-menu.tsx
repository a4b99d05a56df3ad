import { ActionIcon, Popover, SegmentedControl, Select, Stack, TextInput, useMantineColorScheme } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { readName, saveName } from "../state/settings.ts";
import { chooseLanguage, LANGUAGES } from "../words.ts";

export function SettingsMenu(): ReactElement {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
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
          <Select
            label={t("settings.language")}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            value={i18n.language}
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            onChange={(language) => language !== null && void chooseLanguage(localStorage, language)}
          />
          <SegmentedControl
            fullWidth
            aria-label={t("settings.theme")}
            value={colorScheme}
            data={[
              { value: "auto", label: t("settings.themeAuto") },
              { value: "light", label: t("settings.themeLight") },
              { value: "dark", label: t("settings.themeDark") },
            ]}
            onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}
          />
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
