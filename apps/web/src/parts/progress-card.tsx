import { Button, Card, Center, Loader, Stack, Text } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { hostIdInText } from "../state/host-id.ts";

export function ProgressCard({
  step,
  hostId,
  onCancel,
}: {
  readonly step: "finding" | "relay" | "securing" | "login" | "code";
  readonly hostId: string;
  readonly onCancel: () => void;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <Center mih="100%" w="100%" role="status">
      <Card shadow="md" padding="xl" w="100%" maw={460} withBorder>
        <Stack align="center" gap="lg">
          <Loader size="lg" />
          <Text fz="lg" ta="center">
            {t(`step.${step}`, { id: hostIdInText(hostId) })}
          </Text>
          <Button variant="default" onClick={onCancel}>
            {t("step.cancel")}
          </Button>
        </Stack>
      </Card>
    </Center>
  );
}
