import { Box, Container, Group, Tabs } from "@mantine/core";
import { Logo } from "@pulpit/page-kit";
import { IconHistory, IconHome, IconSettings } from "@tabler/icons-react";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestDialog } from "./parts/request-dialog.tsx";
import { HistoryScreen } from "./screens/history.tsx";
import { HomeScreen } from "./screens/home.tsx";
import { SettingsScreen } from "./screens/settings.tsx";
import { useView } from "./state/host-context.ts";
import { useRequestSignals } from "./state/use-request-signals.ts";

const SCREENS = { home: IconHome, settings: IconSettings, history: IconHistory } as const;
type Screen = keyof typeof SCREENS;

/** The three screens, and the question that stands over all of them. */
export function Frame(): ReactElement {
  const { t } = useTranslation();
  const { requests, version } = useView();
  const [screen, setScreen] = useState<Screen>("home");
  useRequestSignals(requests);
  return (
    <Tabs
      variant="pills"
      value={screen}
      onChange={(next) => next !== null && setScreen(next as Screen)}
      // A screen that is not seen asks nothing and shows nothing old when it comes back.
      keepMounted={false}
    >
      <Container size={960} py="md">
        <Group justify="space-between" component="header" gap="sm">
          <Logo />
          <Box component="nav" aria-label={t("nav.label")}>
            <Tabs.List className="screens">
              {Object.entries(SCREENS).map(([name, Icon]) => (
                <Tabs.Tab key={name} value={name} leftSection={<Icon size={18} aria-hidden />}>
                  {t(`nav.${name}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </Box>
        </Group>
        <Box component="main" mt={{ base: "md", sm: "xl" }}>
          <Tabs.Panel value="home">
            <HomeScreen onSettings={() => setScreen("settings")} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <SettingsScreen />
          </Tabs.Panel>
          <Tabs.Panel value="history">
            <HistoryScreen />
          </Tabs.Panel>
        </Box>
        <Box component="footer" fz="xs" c="dimmed" ta="center" mt="xl" pb="md">
          {t("frame.version", { version })}
        </Box>
      </Container>
      <RequestDialog />
    </Tabs>
  );
}
