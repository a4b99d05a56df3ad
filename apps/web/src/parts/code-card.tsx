import { Anchor, Checkbox, TextInput } from "@mantine/core";
import { parseCode, type Why } from "@pulpit/viewer";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { hostIdInText } from "../state/host-id.ts";
import { QuestionCard } from "./question-card.tsx";

/** Asks for the second factor of a host: six digits, or a recovery code for who has lost what shows them. */
export function CodeCard({
  hostId,
  why,
  mayTrust,
  onCode,
  onCancel,
}: {
  readonly hostId: string;
  readonly why: Why;
  /** The host offers to remember this browser. */
  readonly mayTrust: boolean;
  readonly onCode: (code: string, trust: boolean) => void;
  readonly onCancel: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [trust, setTrust] = useState(false);
  const [recovery, setRecovery] = useState(false);
  return (
    <QuestionCard
      title={t("code.title", { id: hostIdInText(hostId) })}
      text={t(recovery ? "code.recoveryText" : "code.text")}
      why={why}
      wrong={t("code.wrong")}
      ready={parseCode(code) !== undefined}
      submit={t("code.submit")}
      onSubmit={() => onCode(code, trust)}
      onCancel={onCancel}
    >
      <TextInput
        // Another keyboard comes up only for another field.
        key={recovery ? "recovery" : "app"}
        size="lg"
        label={t(recovery ? "code.recoveryLabel" : "code.label")}
        placeholder={recovery ? "abcde-fghjk" : "123 456"}
        value={code}
        onChange={({ currentTarget }) => setCode(currentTarget.value)}
        autoFocus
        autoComplete={recovery ? "off" : "one-time-code"}
        autoCapitalize="off"
        inputMode={recovery ? "text" : "numeric"}
        maxLength={32}
        spellCheck={false}
        styles={{ input: { fontVariantNumeric: "tabular-nums", letterSpacing: "0.12em" } }}
      />
      <Anchor component="button" type="button" fz="sm" ta="start" onClick={() => setRecovery(!recovery)}>
        {t(recovery ? "code.useApp" : "code.useRecovery")}
      </Anchor>
      {mayTrust ? (
        <Checkbox
          label={t("code.trust")}
          description={t("code.trustHint")}
          checked={trust}
          onChange={({ currentTarget }) => setTrust(currentTarget.checked)}
        />
      ) : null}
    </QuestionCard>
  );
}
