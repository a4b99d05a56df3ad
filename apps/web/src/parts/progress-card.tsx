import { Button, Center, Loader, Stack, Text } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { groupHostId } from "../state/host-id.ts";

export function ProgressCard({
  step,
  hostId,
  onCancel,
}: {
  readonly step: "finding" | "relay" | "securing" | "login";
  readonly hostId: string;
  readonly onCancel: () => void;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <Center mih="100%" role="status">
      <Stack align="center" gap="lg">
        <Loader size="lg" />
        <Text fz="lg">{t(`step.${step}`, { id: groupHostId(hostId) })}</Text>
        <Button variant="default" onClick={onCancel}>
          {t("step.cancel")}
        </Button>
      </Stack>
    </Center>
  );
}
