import { Blockquote, Box, Button, Card, Group, Loader, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { ServiceView } from "@pulpit/host-control";
import {
  IconAlertTriangle,
  IconBroadcast,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
} from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../state/host-context.ts";
import { plainText } from "../state/hostile-text.ts";
import { useCommand } from "../state/use-command.ts";
import { RefusalNote } from "./refusal-note.tsx";

const COLORS: Readonly<Record<ServiceView["state"], string>> = {
  ready: "pine",
  "address-only": "pine",
  connecting: "yellow",
  stopped: "gray",
  trouble: "red",
};

/** Whether this computer can be reached, what to do when not, and the one button that ends it all. */
export function ServiceCard(): ReactElement {
  const { t } = useTranslation();
  const { service, desktop } = useView();
  const words = service.state === "trouble" ? `trouble.${service.trouble ?? "refused"}` : `service.${service.state}`;
  return (
    <Card component="section" shadow="md" padding="lg" withBorder aria-labelledby="service">
      <Stack gap="md">
        <Group justify="space-between" gap="lg">
          <Group wrap="nowrap" gap="md" align="flex-start" flex="1 1 300px" miw={0}>
            <ThemeIcon size={48} radius="xl" variant="light" color={COLORS[service.state]} aria-hidden>
              <StateIcon state={service.state} />
            </ThemeIcon>
            <Box miw={0} aria-live="polite">
              <Title order={1} fz={{ base: 22, sm: 26 }} lh={1.25} id="service">
                {t(`${words}.title`)}
              </Title>
              <Text c="dimmed">{t(`${words}.text`, { server: plainText(service.server) })}</Text>
            </Box>
          </Group>
          <SharingButton stopped={service.state === "stopped"} />
        </Group>
        {service.detail === undefined || service.detail === "" ? null : (
          <Box>
            <Text fz="sm" c="dimmed">
              {t("service.serverSaid")}
            </Text>
            <Blockquote p="xs" m={0} mt={4} fz="sm" style={{ overflowWrap: "anywhere" }}>
              {service.detail.slice(0, 500)}
            </Blockquote>
          </Box>
        )}
        <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {t(desktop.virtual ? "service.virtualDesktop" : "service.desktop", { name: plainText(desktop.name) })}
          {service.server === "" ? "" : ` · ${t("service.server", { server: service.server })}`}
        </Text>
      </Stack>
    </Card>
  );
}

function StateIcon({ state }: { readonly state: ServiceView["state"] }): ReactElement {
  switch (state) {
    case "ready":
    case "address-only":
      return <IconBroadcast size={28} stroke={1.8} />;
    case "connecting":
      return <Loader size={22} color="yellow" />;
    case "stopped":
      return <IconPlayerPauseFilled size={24} />;
    case "trouble":
      return <IconAlertTriangle size={28} stroke={1.8} />;
  }
}

function SharingButton({ stopped }: { readonly stopped: boolean }): ReactElement {
  const { t } = useTranslation();
  const start = useCommand("service.start");
  const stop = useCommand("service.stop");
  return (
    <Stack gap="xs" flex={{ base: "1 1 100%", sm: "0 0 auto" }}>
      {stopped ? (
        <Button
          size="lg"
          px={{ base: "sm", sm: "xl" }}
          fz={{ base: 16, sm: 18 }}
          loading={start.busy}
          leftSection={<IconPlayerPlayFilled size={20} />}
          onClick={() => void start.run({})}
        >
          {t("service.start")}
        </Button>
      ) : (
        <Button
          size="lg"
          color="red.8"
          px={{ base: "sm", sm: "xl" }}
          fz={{ base: 16, sm: 18 }}
          loading={stop.busy}
          leftSection={<IconPlayerStopFilled size={20} />}
          onClick={() => void stop.run({})}
        >
          {t("service.stop")}
        </Button>
      )}
      <RefusalNote refused={start.refused ?? stop.refused} />
    </Stack>
  );
}
