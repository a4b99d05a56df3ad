import { Anchor, Box, Button, Container, Group, Modal, Stack, Text, Title } from "@mantine/core";
import { Logo } from "@pulpit/page-kit";
import { BrowserKnownHosts, type KnownComputer } from "@pulpit/viewer-web/known-hosts";
import { type ReactElement, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { KnownComputerCard } from "../parts/known-computer.tsx";
import { SettingsMenu } from "../parts/settings-menu.tsx";
import { hostIdInText } from "../state/host-id.ts";
import type { ServerConfig } from "../state/server-config.ts";

/** The computers whose keys this browser remembers. */
export function Computers({ config }: { readonly config: ServerConfig }): ReactElement {
  const { t } = useTranslation();
  const hosts = useMemo(() => new BrowserKnownHosts(), []);
  const [computers, setComputers] = useState(() => hosts.list());
  const [leaving, setLeaving] = useState<KnownComputer>();
  const close = (): void => setLeaving(undefined);
  return (
    <Box className="page">
      <Container size={640} py="md">
        <Group justify="space-between" component="header">
          <Logo />
          <SettingsMenu />
        </Group>
        <Stack gap="lg" mt={{ base: 24, sm: 48 }} pb="xl" component="main">
          <Anchor component={Link} href="/" fz="sm">
            ← {t("end.back")}
          </Anchor>
          <Stack gap="xs">
            <Title order={1} fz={{ base: 26, sm: 32 }} lh={1.15}>
              {t("computers.title")}
            </Title>
            <Text c="dimmed">{t(computers.length === 0 ? "computers.empty" : "computers.lead")}</Text>
          </Stack>
          {computers.map((computer) => (
            <KnownComputerCard
              key={`${computer.serverKey} ${computer.hostId}`}
              computer={computer}
              ours={computer.serverKey === config.serverKey}
              onRename={(name) => {
                hosts.rename(computer.serverKey, computer.hostId, name);
                setComputers(hosts.list());
              }}
              onForget={() => setLeaving(computer)}
            />
          ))}
        </Stack>
      </Container>
      <Modal opened={leaving !== undefined} onClose={close} title={t("computers.forgetTitle")} centered>
        {leaving === undefined ? null : (
          <Stack gap="md">
            <Text>{t("computers.forgetText", { name: leaving.name || hostIdInText(leaving.hostId) })}</Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={close} data-autofocus>
                {t("step.cancel")}
              </Button>
              <Button
                color="red"
                onClick={() => {
                  hosts.forget(leaving.serverKey, leaving.hostId);
                  setComputers(hosts.list());
                  close();
                }}
              >
                {t("computers.forgetConfirm")}
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </Box>
  );
}
