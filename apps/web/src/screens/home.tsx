import { Anchor, Box, Button, Card, Container, Group, List, Stack, Text, TextInput, Title } from "@mantine/core";
import { Logo } from "@pulpit/page-kit";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { RecentList } from "../parts/recent-list.tsx";
import { SettingsMenu } from "../parts/settings-menu.tsx";
import { groupHostId, parseHostId } from "../state/host-id.ts";
import { ownName } from "../state/known-computers.ts";
import { forgetAll, forgetPeer, readRecent } from "../state/recent-peers.ts";
import type { ServerConfig } from "../state/server-config.ts";

export function Home({ config }: { readonly config: ServerConfig }): ReactElement {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [text, setText] = useState(() => groupHostId(new URLSearchParams(location.search).get("id") ?? ""));
  const [tried, setTried] = useState(false);
  const [recent, setRecent] = useState(() => readRecent(localStorage));
  const id = parseHostId(text);

  const open = (hostId: string): void => navigate(`/connect/${encodeURIComponent(hostId)}`);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (id !== undefined) open(id);
  };

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
          <Card component="form" onSubmit={submit} shadow="md" padding="lg" withBorder>
            <Group align="flex-start" gap="sm">
              <TextInput
                flex="1 1 240px"
                size="lg"
                label={t("home.idLabel")}
                placeholder={t("home.idPlaceholder")}
                value={text}
                error={tried && id === undefined ? t("home.idBad") : undefined}
                autoFocus
                autoComplete="off"
                spellCheck={false}
                styles={{ input: { fontVariantNumeric: "tabular-nums", letterSpacing: "0.04em" } }}
                onChange={({ currentTarget }) => setText(groupHostId(currentTarget.value))}
              />
              <Button type="submit" size="lg" mt={{ base: 0, sm: 29 }} flex={{ base: "1 1 100%", sm: "0 0 auto" }}>
                {t("home.connect")}
              </Button>
            </Group>
          </Card>
          <RecentList
            peers={recent}
            nameOf={(hostId) => ownName(config.serverKey, hostId)}
            onOpen={open}
            onForget={(peer) => setRecent(forgetPeer(localStorage, peer))}
            onForgetAll={() => setRecent(forgetAll(localStorage))}
          />
          <Anchor component={Link} href="/computers" fz="sm">
            {t("computers.open")}
          </Anchor>
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
