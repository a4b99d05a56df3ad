import { Button, Group, List, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyIcon } from "../parts/copy-icon.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { useCommand } from "../state/use-command.ts";

/** Digits of a code (RFC 6238 as every authenticator has it). */
const DIGITS = 6;

/** Puts the secret into an authenticator and has it prove that it is there. */
export function Enrolment({
  offer,
  onConfirmed,
  onCancel,
}: {
  readonly offer: { readonly uri: string; readonly secret: string };
  readonly onConfirmed: (recoveryCodes: readonly string[]) => void;
  readonly onCancel: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const confirm = useCommand("second-factor.confirm");
  const [code, setCode] = useState("");
  const digits = code.replace(/\D/g, "");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (digits.length !== DIGITS) return;
    const answer = await confirm.run({ code: digits });
    if (answer !== undefined) onConfirmed(answer.recoveryCodes);
  };
  return (
    <Stack gap="md" component="form" onSubmit={(event: FormEvent) => void submit(event)}>
      <Group align="flex-start" gap="lg">
        <QrCode text={offer.uri} label={t("enrolment.qr")} />
        <Stack gap="xs" flex="1 1 240px">
          <List type="ordered" spacing={6} fz="sm">
            <List.Item>{t("enrolment.step1")}</List.Item>
            <List.Item>{t("enrolment.step2")}</List.Item>
            <List.Item>{t("enrolment.step3")}</List.Item>
          </List>
          <Text fz="sm" c="dimmed">
            {t("enrolment.secret")}
          </Text>
          <Group gap="xs" wrap="nowrap">
            <Text className="secret-text" fz="sm">
              {offer.secret.replace(/\s+/g, "").replace(/(.{4})(?=.)/g, "$1 ")}
            </Text>
            <CopyIcon value={offer.secret} label={t("enrolment.copy")} />
          </Group>
        </Stack>
      </Group>
      <TextInput
        size="md"
        label={t("enrolment.code")}
        placeholder="123 456"
        value={code}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={DIGITS + 2}
        autoFocus
        styles={{ input: { maxWidth: 240, letterSpacing: "0.1em", fontVariantNumeric: "tabular-nums" } }}
        onChange={({ currentTarget }) => setCode(currentTarget.value)}
      />
      <RefusalNote refused={confirm.refused} />
      <Group gap="sm">
        <Button type="submit" loading={confirm.busy} disabled={digits.length !== DIGITS}>
          {t("enrolment.confirm")}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t("confirm.cancel")}
        </Button>
      </Group>
    </Stack>
  );
}
