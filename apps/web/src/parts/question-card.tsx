import { Alert, Button, Card, Center, Group, Stack, Text, Title } from "@mantine/core";
import type { Why } from "@pulpit/viewer";
import type { FormEvent, ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCountdown } from "../state/use-countdown.ts";

/** A host that counts by the minute takes another attempt after this, seconds. */
const MINUTE = 60;

/** A card that asks for a secret, with what the host said to the last one. `ready`: it could be sent. */
export function QuestionCard({
  title,
  text,
  why,
  wrong,
  ready,
  submit,
  onSubmit,
  onCancel,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly why: Why;
  /** What to say after a wrong one. */
  readonly wrong: string;
  readonly ready: boolean;
  readonly submit: string;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const { t } = useTranslation();
  const left = useCountdown(why === "wait-a-minute" ? MINUTE : 0);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (ready && left === 0) onSubmit();
  };
  return (
    <Center mih="100%" w="100%">
      <Card component="form" onSubmit={send} shadow="md" padding="xl" w="100%" maw={460} withBorder>
        <Stack gap="md">
          <Title order={2} fz={23} style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {why === "required" ? (
            <Text c="dimmed">{text}</Text>
          ) : (
            <Alert color={why === "wrong" ? "red" : "yellow"} role="alert">
              {why === "wrong" ? wrong : t(why === "wait-a-minute" ? "pause.minute" : "pause.long")}
            </Alert>
          )}
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onCancel}>
              {t("step.cancel")}
            </Button>
            <Button type="submit" disabled={!ready || left > 0} style={{ fontVariantNumeric: "tabular-nums" }}>
              {left > 0 ? t("pause.left", { seconds: left }) : submit}
            </Button>
          </Group>
        </Stack>
      </Card>
    </Center>
  );
}
