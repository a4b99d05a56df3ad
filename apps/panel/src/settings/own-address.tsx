import { Alert, Blockquote, Group, Stack, Text } from "@mantine/core";
import type { ServiceView } from "@pulpit/host-control";
import { IconAlertTriangle, IconLockOpen } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { CopyIcon } from "../parts/copy-icon.tsx";
import { useView } from "../state/host-context.ts";
import { ListSetting } from "./list-setting.tsx";
import { Section } from "./section.tsx";
import { SwitchSetting } from "./switch-setting.tsx";
import { TextSetting } from "./text-setting.tsx";

/** Whoever knows an address of this computer and needs no ID server. */
export function OwnAddress(): ReactElement {
  const { t } = useTranslation();
  const { settings, service } = useView();
  return (
    <Section title={t("ownAddress.title")} text={t("ownAddress.text")}>
      <SwitchSetting name="direct-access" />
      {settings["direct-access"] === "yes" ? (
        <>
          <Outcome service={service} port={settings["direct-port"]} />
          <TextSetting name="direct-port" unit="" />
          <ListSetting name="direct-networks" placeholder="192.168.0.0/16" blanks="between" />
          <Stack gap="sm">
            <SwitchSetting name="direct-unencrypted" />
            {settings["direct-unencrypted"] === "yes" ? (
              <Alert color="yellow" role="note" p="sm" icon={<IconLockOpen size={18} />}>
                <Text fz="sm">{t("ownAddress.unencrypted")}</Text>
              </Alert>
            ) : null}
          </Stack>
        </>
      ) : null}
    </Section>
  );
}

/** What people type, or why it would be of no use. */
function Outcome({ service, port }: { readonly service: ServiceView; readonly port: string }): ReactElement | null {
  const { t } = useTranslation();
  const { direct, state } = service;
  if (direct === undefined) {
    // For a moment there is none after each change.
    return state === "connecting" ? null : (
      <Text fz="sm" c="dimmed">
        {t("ownAddress.closed")}
      </Text>
    );
  }
  if ("failed" in direct) {
    return (
      <Alert color="red" role="alert" p="sm" icon={<IconAlertTriangle size={18} />}>
        <Text fz="sm">{t("ownAddress.failed", { port })}</Text>
        <Blockquote p="xs" m={0} mt={6} fz="sm" style={{ overflowWrap: "anywhere" }}>
          {direct.failed.slice(0, 500)}
        </Blockquote>
      </Alert>
    );
  }
  if (direct.addresses.length === 0) return <Text fz="sm">{t("ownAddress.none", { port: direct.port })}</Text>;
  return (
    <Stack gap={4}>
      <Text fz="sm" c="dimmed">
        {t("ownAddress.typed")}
      </Text>
      <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: "none" }}>
        {direct.addresses.map((address) => (
          <Group key={address} component="li" gap="xs" wrap="nowrap">
            <Text className="secret-text">{address}</Text>
            <CopyIcon value={address} label={t("ownAddress.copy", { address })} />
          </Group>
        ))}
      </Stack>
      <Text fz="sm" c="dimmed">
        {t("ownAddress.firstTime")}
      </Text>
    </Stack>
  );
}
