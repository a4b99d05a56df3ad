import { ActionIcon, Button, CopyButton, Group, Popover, Stack, Table, Text } from "@mantine/core";
import { Fingerprint } from "@pulpit/page-kit";
import type { ConnectionFacts, RemoteDisplay, RemotePeer } from "@pulpit/viewer";
import { IconCheck, IconCopy, IconLock, IconLockOpen } from "@tabler/icons-react";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { WaysTried } from "./ways-tried.tsx";

/** The truth about the connection: a pill, and everything behind it. */
export function ConnectionBadge({
  facts,
  peer,
  display,
}: {
  readonly facts: ConnectionFacts;
  readonly peer: RemotePeer | undefined;
  readonly display: RemoteDisplay | undefined;
}): ReactElement {
  const { t, i18n } = useTranslation();
  const Lock = facts.encrypted ? IconLock : IconLockOpen;
  const direct = facts.path.route === "direct";
  const delay = facts.delay === undefined ? "–" : `${facts.delay} ms`;
  const rate = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 }).format(facts.bytesPerSecond / 1000);
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t("badge.security"), t(facts.encrypted ? "badge.encrypted" : "badge.notEncrypted")],
    [t("badge.path"), t(direct ? "badge.directLong" : "badge.relayLong")],
    [t("badge.transport"), t(`transport.${facts.path.transport}`)],
    [t("badge.codec"), facts.codec?.toUpperCase() ?? "–"],
    [t("badge.frames"), facts.framesPerSecond],
    [t("badge.delay"), delay],
    [t("badge.rate"), `${rate} kB/s`],
    [t("badge.size"), display === undefined ? "–" : `${display.width} × ${display.height}`],
    [t("badge.computer"), peer === undefined ? "–" : `${peer.hostname} (${peer.platform})`],
  ];
  return (
    <Popover width="min(360px, calc(100vw - 16px))" position="bottom" shadow="md">
      <Popover.Target>
        <Button
          variant="subtle"
          color={facts.encrypted ? "pine" : "red"}
          size="compact-sm"
          leftSection={<Lock size={15} aria-label={t(facts.encrypted ? "badge.encrypted" : "badge.notEncrypted")} />}
          title={t("badge.title")}
        >
          <Text span fz="xs" style={{ fontVariantNumeric: "tabular-nums" }}>
            {t(direct ? "badge.direct" : "badge.relay")} · {delay} · {facts.framesPerSecond} fps
          </Text>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Table withRowBorders={false} verticalSpacing={3} horizontalSpacing={0} fz="sm">
            <Table.Tbody>
              {rows.map(([name, value]) => (
                <Table.Tr key={name}>
                  <Table.Th fw={500} c="dimmed" w="45%">
                    {name}
                  </Table.Th>
                  <Table.Td>{value}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <WaysTried ways={facts.ways} />
          {facts.fingerprint === undefined ? null : (
            <Stack gap={4}>
              <Group justify="space-between">
                <Text fz="sm" c="dimmed" fw={500}>
                  {t("badge.fingerprint")}
                </Text>
                <CopyButton value={facts.fingerprint}>
                  {({ copied, copy }) => (
                    <ActionIcon variant="subtle" onClick={copy} aria-label={t(copied ? "badge.copied" : "badge.copy")}>
                      {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                    </ActionIcon>
                  )}
                </CopyButton>
              </Group>
              <Fingerprint value={facts.fingerprint} />
              <Text fz="xs" c="dimmed">
                {t("badge.fingerprintHint")}
              </Text>
            </Stack>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
