import { Alert, PasswordInput } from "@mantine/core";
import type { Why } from "@pulpit/viewer";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { hostIdInText } from "../state/host-id.ts";
import { QuestionCard } from "./question-card.tsx";

/** Asks for the password of a host. `why`: what happened before. `encrypted`: nobody on the way can read it. */
export function PasswordCard({
  hostId,
  why,
  encrypted,
  onLogin,
  onCancel,
}: {
  readonly hostId: string;
  readonly why: Why;
  readonly encrypted: boolean;
  readonly onLogin: (password: string) => void;
  readonly onCancel: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  // Blanks around it come from copying; inside they belong to it.
  const given = password.trim();
  return (
    <QuestionCard
      title={t("password.title", { id: hostIdInText(hostId) })}
      text={t("password.required")}
      why={why}
      wrong={t("password.wrong")}
      ready={given !== ""}
      submit={t("password.submit")}
      onSubmit={() => onLogin(given)}
      onCancel={onCancel}
    >
      {encrypted ? null : <Alert color="red">{t("password.notEncrypted")}</Alert>}
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
    </QuestionCard>
  );
}
