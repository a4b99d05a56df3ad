import { Alert, Button, Card, Center, Group, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { groupHostId } from "../state/host-id.ts";

/** Asks for the password of a host. `why`: what happened before. */
export function PasswordCard({
  hostId,
  why,
  onLogin,
  onCancel,
}: {
  readonly hostId: string;
  readonly why: "required" | "wrong" | "waiting";
  readonly onLogin: (password: string) => void;
  readonly onCancel: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // Blanks around it come from copying; inside they belong to it.
    const given = password.trim();
    if (given !== "") onLogin(given);
  };
  return (
    <Center mih="100%" w="100%">
      <Card component="form" onSubmit={submit} shadow="md" padding="xl" w="100%" maw={460} withBorder>
        <Stack gap="md">
          <Title order={2} fz={23}>
            {t("password.title", { id: groupHostId(hostId) })}
          </Title>
          {why === "wrong" ? (
            <Alert color="red" role="alert">
              {t("password.wrong")}
            </Alert>
          ) : (
            <Text c="dimmed">{t(`password.${why}`)}</Text>
          )}
          <PasswordInput
            size="lg"
            label={t("password.label")}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onCancel}>
              {t("step.cancel")}
            </Button>
            <Button type="submit" disabled={password.trim() === ""}>
              {t("password.submit")}
            </Button>
          </Group>
        </Stack>
      </Card>
    </Center>
  );
}
