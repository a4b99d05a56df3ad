import { Alert, Button, Group, PasswordInput, Progress, Stack, Text } from "@mantine/core";
import { type Strength, strengthOf } from "@pulpit/host-control";
import { IconCircleCheck } from "@tabler/icons-react";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { useView } from "../state/host-context.ts";

import { useCommand } from "../state/use-command.ts";
import { SwitchSetting } from "./switch-setting.tsx";

const METER: Readonly<Record<Strength, readonly [share: number, color: string]>> = {
  "too-short": [15, "red"],
  weak: [35, "orange"],
  fair: [65, "yellow"],
  strong: [100, "pine"],
};

export function PermanentPassword(): ReactElement {
  const { t } = useTranslation();
  const { permanentPassword } = useView();
  const clear = useCommand("password.clear");
  return (
    <Stack gap="md">
      <Text fw={600}>{t(permanentPassword ? "permanent.isSet" : "permanent.isNotSet")}</Text>
      {permanentPassword ? <SwitchSetting name="permanent-password" /> : null}
      <NewPassword replaces={permanentPassword} />
      {permanentPassword ? (
        <Group>
          <ConfirmButton
            color="red"
            variant="subtle"
            title={t("permanent.clearTitle")}
            text={t("permanent.clearText")}
            busy={clear.busy}
            refused={clear.refused}
            onConfirm={async () => (await clear.run({})) !== undefined}
          >
            {t("permanent.clear")}
          </ConfirmButton>
        </Group>
      ) : null}
    </Stack>
  );
}

function NewPassword({ replaces }: { readonly replaces: boolean }): ReactElement {
  const { t } = useTranslation();
  const set = useCommand("password.set");
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const strength = strengthOf(password);
  const [share, color] = METER[strength];
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (strength === "too-short" || (await set.run({ password })) === undefined) return;
    setPassword("");
    setDone(true);
  };
  return (
    <Stack gap="sm" component="form" maw={480} onSubmit={(event: FormEvent) => void submit(event)}>
      <PasswordInput
        label={t(replaces ? "permanent.replace" : "permanent.choose")}
        description={t("permanent.advice")}
        value={password}
        maxLength={200}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": t("permanent.show") }}
        onChange={({ currentTarget }) => {
          setPassword(currentTarget.value);
          setDone(false);
          set.forget();
        }}
      />
      {password === "" ? null : (
        <Stack gap={4} aria-live="polite">
          <Progress value={share} color={color} size="sm" aria-hidden />
          <Text fz="sm">{t(`strength.${strength}`)}</Text>
        </Stack>
      )}
      <RefusalNote refused={set.refused} />
      {done ? (
        <Alert color="pine" role="status" p="sm" icon={<IconCircleCheck size={18} />}>
          {t("permanent.done")}
        </Alert>
      ) : null}
      <Group>
        <Button type="submit" loading={set.busy} disabled={strength === "too-short"}>
          {t("permanent.save")}
        </Button>
      </Group>
    </Stack>
  );
}
