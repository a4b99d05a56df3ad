import { ActionIcon, Button, Card, Group, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { IconDeviceDesktop, IconX } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { groupHostId } from "../state/host-id.ts";
import type { RecentPeer } from "../state/recent-peers.ts";

export function RecentList({
  peers,
  nameOf,
  onOpen,
  onForget,
  onForgetAll,
}: {
  readonly peers: readonly RecentPeer[];
  /** What the person here calls a computer; empty: nothing. */
  readonly nameOf: (id: string) => string;
  readonly onOpen: (id: string) => void;
  readonly onForget: (id: string) => void;
  readonly onForgetAll: () => void;
}): ReactElement {
  const { t, i18n } = useTranslation();
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <Stack gap="xs" component="section" aria-label={t("home.recent")}>
      <Group justify="space-between">
        <Title order={2} fz={17}>
          {t("home.recent")}
        </Title>
        {peers.length > 0 ? (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={onForgetAll}>
            {t("home.removeAll")}
          </Button>
        ) : null}
      </Group>
      {peers.length === 0 ? (
        <Text c="dimmed" fz="sm">
          {t("home.recentEmpty")}
        </Text>
      ) : null}
      {peers.map((peer) => {
        const own = nameOf(peer.id);
        const shown = own || peer.hostname || groupHostId(peer.id);
        return (
          <Card key={peer.id} padding="sm" withBorder>
            <Group wrap="nowrap" gap="sm">
              <UnstyledButton onClick={() => onOpen(peer.id)} flex={1} miw={0}>
                <Group wrap="nowrap" gap="sm">
                  <IconDeviceDesktop size={26} stroke={1.5} aria-hidden />
                  <Stack gap={0} miw={0}>
                    <Text fw={600} truncate>
                      {shown}
                    </Text>
                    <Text fz="sm" c="dimmed" truncate>
                      {[own && peer.hostname, groupHostId(peer.id), peer.username, peer.platform, when.format(peer.at)]
                        .filter(Boolean)
                        .join(" · ")}
                    </Text>
                  </Stack>
                </Group>
              </UnstyledButton>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("home.remove", { name: shown })}
                onClick={() => onForget(peer.id)}
              >
                <IconX size={18} />
              </ActionIcon>
            </Group>
          </Card>
        );
      })}
    </Stack>
  );
}
