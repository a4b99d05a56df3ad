import { Alert, Badge, Button, Card, Collapse, Group, Stack, Text } from "@mantine/core";
import type { SessionView } from "@pulpit/host-control";
import { Fingerprint, groupHostId } from "@pulpit/page-kit";
import { IconBan, IconLock, IconLockOpen, IconPlugConnectedX } from "@tabler/icons-react";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../state/host-context.ts";
import { plainText } from "../state/hostile-text.ts";
import { momentText } from "../state/time-text.ts";
import { useCommand } from "../state/use-command.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { Facts } from "./facts.tsx";
import { RefusalNote } from "./refusal-note.tsx";
import { ScopeIcon } from "./scope-icon.tsx";
import { SessionPermissions } from "./session-permissions.tsx";
import { ViewerName } from "./viewer-name.tsx";

/** Somebody who is in: who it is, how they came, what they may do, and how to be rid of them. */
export function SessionCard({ session }: { readonly session: SessionView }): ReactElement {
  const { t, i18n } = useTranslation();
  const { viewer } = session;
  const end = useCommand("session.end");
  const block = useCommand("session.end");
  const who = [groupHostId(plainText(viewer.id)), plainText(viewer.address), plainText(viewer.platform)];
  return (
    <Card component="article" shadow="sm" padding="md" withBorder aria-label={plainText(viewer.name || viewer.id)}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Group wrap="nowrap" gap="md" align="flex-start" flex="1 1 280px" miw={0}>
            <ScopeIcon scope={session.scope} size={44} />
            <Stack gap={2} miw={0}>
              <ViewerName viewer={viewer} />
              <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {who.filter(Boolean).join(" · ")}
              </Text>
              <Text fz="sm" c="dimmed">
                {t(`scope.${session.scope}.name`)} ·{" "}
                {t("session.since", { moment: momentText(session.since, i18n.language, new Date()) })}
              </Text>
            </Stack>
          </Group>
          <Group gap={6}>
            <Badge variant="light" tt="none" size="lg" color={session.route === "direct" ? "pine" : "gray"}>
              {t(`session.route.${session.route}`)}
            </Badge>
            <Badge
              variant="light"
              tt="none"
              size="lg"
              color={session.encrypted ? "pine" : "red"}
              leftSection={session.encrypted ? <IconLock size={14} /> : <IconLockOpen size={14} />}
            >
              {t(session.encrypted ? "session.encrypted" : "session.notEncrypted")}
            </Badge>
          </Group>
        </Group>
        {session.encrypted ? null : (
          <Alert color="yellow" role="note" p="sm" icon={<IconLockOpen size={18} />}>
            <Text fz="sm">{t("session.notEncryptedText")}</Text>
          </Alert>
        )}
        <SessionPermissions session={session} />
        <Details session={session} />
        <RefusalNote refused={end.refused} />
        <Group gap="sm">
          <Button
            color="red"
            variant="light"
            loading={end.busy}
            leftSection={<IconPlugConnectedX size={18} />}
            onClick={() => void end.run({ session: session.session, block: false })}
          >
            {t("session.disconnect")}
          </Button>
          <ConfirmButton
            color="red"
            variant="subtle"
            leftSection={<IconBan size={18} />}
            title={t("session.blockTitle")}
            text={t("session.blockText")}
            busy={block.busy}
            refused={block.refused}
            onConfirm={async () => (await block.run({ session: session.session, block: true })) !== undefined}
          >
            {t("session.block")}
          </ConfirmButton>
        </Group>
      </Stack>
    </Card>
  );
}

function Details({ session }: { readonly session: SessionView }): ReactElement {
  const { t } = useTranslation();
  const { fingerprint } = useView();
  const [open, setOpen] = useState(false);
  const transport = t(`transport.${session.transport}`, { defaultValue: session.transport });
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        ml={-8}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t(open ? "session.lessDetails" : "session.moreDetails")}
      </Button>
      <Collapse expanded={open}>
        <Facts
          facts={[
            [t("session.wayIn"), t(`way.${session.way}`)],
            [t("session.secondFactor"), t(`secondFactorUsed.${session.secondFactor}`)],
            [t("session.path"), `${t(`session.routeLong.${session.route}`)} (${transport}, ${session.remote})`],
            [t("session.theySee"), <Fingerprint key="fingerprint" value={fingerprint} />],
          ]}
        />
      </Collapse>
    </Stack>
  );
}
