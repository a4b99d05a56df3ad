import { Button, Card, Center, Loader, Stack, Text } from "@mantine/core";
import type { Phase, WayName } from "@pulpit/viewer";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { hostIdInText } from "../state/host-id.ts";

export function ProgressCard({
  step,
  trying,
  hostId,
  onCancel,
}: {
  readonly step: Extract<Phase, { name: "connecting" }>["step"];
  /** The ways that are being tried. */
  readonly trying: readonly WayName[];
  readonly hostId: string;
  readonly onCancel: () => void;
}): ReactElement {
  const { t, i18n } = useTranslation();
  const ways = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(trying.map((way) => t(`way.${way}`)));
  return (
    <Center mih="100%" w="100%" role="status">
      <Card shadow="md" padding="xl" w="100%" maw={460} withBorder>
        <Stack align="center" gap="lg">
          <Loader size="lg" />
          <Stack gap={4}>
            <Text fz="lg" ta="center">
              {t(`step.${step}`, { id: hostIdInText(hostId) })}
            </Text>
            {trying.length === 0 ? null : (
              <Text fz="sm" c="dimmed" ta="center">
                {t("step.trying", { ways })}
              </Text>
            )}
          </Stack>
          <Button variant="default" onClick={onCancel}>
            {t("step.cancel")}
          </Button>
        </Stack>
      </Card>
    </Center>
  );
}
