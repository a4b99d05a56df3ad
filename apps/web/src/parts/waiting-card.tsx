import { Anchor, Button, Card, Center, Loader, Stack, Text, Title } from "@mantine/core";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { hostIdInText } from "../state/host-id.ts";
import { PasswordCard } from "./password-card.tsx";

/** The person at the host has to say yes. Who has a password may give it all the same. */
export function WaitingCard({
  hostId,
  encrypted,
  onLogin,
  onCancel,
}: {
  readonly hostId: string;
  /** Nobody on the way can read it. */
  readonly encrypted: boolean;
  readonly onLogin: (password: string) => void;
  readonly onCancel: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  if (asking) return <PasswordCard why="required" {...{ hostId, encrypted, onLogin, onCancel }} />;
  return (
    <Center mih="100%" w="100%">
      <Card shadow="md" padding="xl" w="100%" maw={460} withBorder>
        <Stack align="center" gap="lg" ta="center">
          <Loader size="lg" />
          <Stack gap="xs" role="status">
            <Title order={2} fz={23}>
              {t("waiting.title")}
            </Title>
            <Text c="dimmed">{t("waiting.text", { id: hostIdInText(hostId) })}</Text>
          </Stack>
          <Button variant="default" onClick={onCancel}>
            {t("step.cancel")}
          </Button>
          <Anchor component="button" type="button" fz="sm" onClick={() => setAsking(true)}>
            {t("waiting.havePassword")}
          </Anchor>
        </Stack>
      </Card>
    </Center>
  );
}
