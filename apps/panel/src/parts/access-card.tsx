import { Anchor, Box, Card, Divider, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { Fingerprint, groupHostId } from "@pulpit/page-kit";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../state/host-context.ts";
import { CopyIcon } from "./copy-icon.tsx";
import { OneTimePassword } from "./one-time-password.tsx";

/** More than these are for the settings: computers with containers have many. */
const MAX_ADDRESSES = 3;

/** What somebody needs to come in: ID and password to read out, and the fingerprint to compare. */
export function AccessCard({ onSettings }: { readonly onSettings: () => void }): ReactElement {
  const { t } = useTranslation();
  const { id, fingerprint, oneTimePassword, service } = useView();
  const { direct } = service;
  const addresses = direct !== undefined && "addresses" in direct ? direct.addresses : [];
  return (
    <Card component="section" shadow="md" padding="lg" withBorder aria-label={t("access.label")}>
      <Stack gap="md" style={service.state === "stopped" ? { opacity: 0.6 } : {}}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
          <Box>
            <Text fz="sm" c="dimmed">
              {t("access.id")}
            </Text>
            <Group gap="xs" wrap="nowrap" mih={52}>
              <Text className="read-out" fw={700} fz={{ base: 30, sm: 36 }} lh={1.2}>
                {groupHostId(id)}
              </Text>
              <CopyIcon value={id} label={t("access.copyId")} />
            </Group>
            <Text fz="sm" c="dimmed">
              {t("access.idHint")}
            </Text>
            {addresses.length === 0 ? null : (
              <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {t("access.addresses", { addresses: addresses.slice(0, MAX_ADDRESSES).join(", ") })}
              </Text>
            )}
          </Box>
          <Box>
            <Text fz="sm" c="dimmed">
              {t("access.password")}
            </Text>
            {oneTimePassword === undefined ? (
              <Text mt="xs">
                {t("access.passwordOff")}{" "}
                <Anchor component="button" type="button" onClick={onSettings}>
                  {t("access.toSettings")}
                </Anchor>
              </Text>
            ) : (
              <OneTimePassword value={oneTimePassword} />
            )}
          </Box>
        </SimpleGrid>
        <Divider />
        <Box>
          <Text fz="sm" c="dimmed">
            {t("access.fingerprint")}
          </Text>
          <Group gap="xs" wrap="nowrap" justify="space-between">
            <Fingerprint value={fingerprint} />
            <CopyIcon value={fingerprint} label={t("access.copyFingerprint")} />
          </Group>
          <Text fz="xs" c="dimmed">
            {t("access.fingerprintHint")}
          </Text>
        </Box>
      </Stack>
    </Card>
  );
}
