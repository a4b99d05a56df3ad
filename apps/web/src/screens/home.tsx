import { Anchor, Box, Container, Group, List, Stack, Text, Title } from "@mantine/core";
import { Logo } from "@pulpit/page-kit";
import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { ConnectForm } from "../parts/connect-form.tsx";
import { RecentList } from "../parts/recent-list.tsx";
import { SettingsMenu } from "../parts/settings-menu.tsx";
import { CHOSEN } from "../state/chosen.ts";
import { pathTo } from "../state/destination.ts";
import { ownName } from "../state/known-computers.ts";
import { prefillFrom, prefillWith } from "../state/prefill.ts";
import { forgetAll, forgetPeer, readRecent } from "../state/recent-peers.ts";
import type { ServerConfig } from "../state/server-config.ts";

/** `linked`: what the path says that the person came by. */
export function Home({ config, linked }: { readonly config: ServerConfig; readonly linked?: string }): ReactElement {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [prefill] = useState(() =>
    linked === undefined ? prefillFrom(location.search, config) : { ...prefillWith(linked, config), fromLink: true },
  );
  const [recent, setRecent] = useState(() => readRecent(localStorage));
  // A link has done its work; what is left in the address bar would be done again, or shown to others.
  useEffect(() => {
    if (location.search !== "") history.replaceState(history.state, "", location.pathname);
  }, []);
  const open = (to: { readonly hostId: string; readonly relay: boolean }): void =>
    navigate(pathTo(to), { state: CHOSEN });

  return (
    <Box className="page">
      <Container size={640} py="md">
        <Group justify="space-between" component="header">
          <Logo />
          <SettingsMenu />
        </Group>
        <Stack gap="xl" mt={{ base: 36, sm: 72 }} component="main">
          <Stack gap="sm">
            <Title order={1} fz={{ base: 28, sm: 38 }} lh={1.15}>
              {t("home.title")}
            </Title>
            <Text c="dimmed" fz="lg">
              {t("home.lead")}
            </Text>
          </Stack>
          <ConnectForm config={config} prefill={prefill} onOpen={open} />
          <RecentList
            peers={recent}
            nameOf={(hostId) => ownName(config.serverKey, hostId)}
            onOpen={(hostId) => open({ hostId, relay: false })}
            onForget={(peer) => setRecent(forgetPeer(localStorage, peer))}
            onForgetAll={() => setRecent(forgetAll(localStorage))}
          />
          <Group gap="4px 28px">
            <Anchor component={Link} href="/computers" fz="sm">
              {t("computers.open")}
            </Anchor>
            <Anchor component={Link} href="/check" fz="sm">
              {t("check.open")}
            </Anchor>
          </Group>
          <Stack gap="xs" component="section">
            <Title order={2} fz={17}>
              {t("home.howTitle")}
            </Title>
            <List type="ordered" spacing={6} c="dimmed" fz="sm">
              <List.Item>{t("home.how1")}</List.Item>
              <List.Item>{t("home.how2")}</List.Item>
              <List.Item>{t("home.how3")}</List.Item>
            </List>
          </Stack>
          <Text component="footer" fz="xs" c="dimmed" pb="lg" style={{ overflowWrap: "anywhere" }}>
            {t("home.serverKey")}: {config.serverKey}
          </Text>
        </Stack>
      </Container>
    </Box>
  );
}
