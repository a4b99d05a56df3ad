import { Button, Card, Group, Stack, Text } from "@mantine/core";
import type { TrustedDeviceView } from "@pulpit/host-control";
import { groupHostId } from "@pulpit/page-kit";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { ViewerName } from "../parts/viewer-name.tsx";
import { useView } from "../state/host-context.ts";
import { plainText } from "../state/hostile-text.ts";
import { momentText } from "../state/time-text.ts";
import { useCommand } from "../state/use-command.ts";
import { TextSetting } from "./text-setting.tsx";

/** Devices that need no code for a while. */
export function TrustedDevices(): ReactElement {
  const { t } = useTranslation();
  const { trustedDevices } = useView();
  return (
    <Stack gap="md">
      <TextSetting name="trust-days" unit={t("unit.days")} />
      {trustedDevices.length === 0 ? (
        <Text fz="sm" c="dimmed">
          {t("trusted.none")}
        </Text>
      ) : null}
      {trustedDevices.map((device) => (
        <Device key={device.device} device={device} />
      ))}
    </Stack>
  );
}

function Device({ device }: { readonly device: TrustedDeviceView }): ReactElement {
  const { t, i18n } = useTranslation();
  const forget = useCommand("trusted.forget");
  const moment = (at: string): string => momentText(at, i18n.language, new Date());
  const { viewer } = device;
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="sm">
        <Stack gap={0} miw={0} flex="1 1 220px">
          <ViewerName viewer={viewer} />
          <Text fz="sm" c="dimmed">
            {[groupHostId(plainText(viewer.id)), plainText(viewer.platform)].filter(Boolean).join(" · ")}
          </Text>
          <Text fz="sm" c="dimmed">
            {t("trusted.time", { since: moment(device.since), until: moment(device.until) })}
          </Text>
        </Stack>
        <Button
          variant="default"
          loading={forget.busy}
          aria-label={t("trusted.forgetLabel", { name: plainText(viewer.name) || viewer.id })}
          onClick={() => void forget.run({ device: device.device })}
        >
          {t("trusted.forget")}
        </Button>
      </Group>
      <RefusalNote refused={forget.refused} />
    </Card>
  );
}
