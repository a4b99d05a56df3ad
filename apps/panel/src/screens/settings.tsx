import { Stack, Tabs, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDeviceDesktop, IconDoorEnter, IconHandStop, IconUsers } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { PermissionsSettings } from "../settings/permissions.tsx";
import { ThisComputer } from "../settings/this-computer.tsx";
import { WaysIn } from "../settings/ways-in.tsx";
import { WhoMayCome } from "../settings/who-may-come.tsx";

const PAGES = {
  ways: [IconDoorEnter, WaysIn],
  who: [IconUsers, WhoMayCome],
  permissions: [IconHandStop, PermissionsSettings],
  computer: [IconDeviceDesktop, ThisComputer],
} as const;

export function SettingsScreen(): ReactElement {
  const { t } = useTranslation();
  const wide = useMediaQuery("(min-width: 48em)", true, { getInitialValueInEffect: false });
  return (
    <Stack gap="md">
      <Title order={1} fz={{ base: 24, sm: 28 }}>
        {t("nav.settings")}
      </Title>
      {/* What somebody has begun to write, or recovery codes that are shown only once, must survive a look elsewhere. */}
      <Tabs variant="pills" color="gray" defaultValue="ways" orientation={wide ? "vertical" : "horizontal"} keepMounted>
        <Tabs.List className={wide ? "beside" : "above"} aria-label={t("settings.pages")}>
          {Object.entries(PAGES).map(([name, [Icon]]) => (
            <Tabs.Tab key={name} value={name} leftSection={<Icon size={18} aria-hidden />}>
              {t(`settings.page.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Object.entries(PAGES).map(([name, [, Page]]) => (
          <Tabs.Panel key={name} value={name} pl={wide ? "lg" : 0} miw={0}>
            <Stack gap="md">
              <Page />
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}
