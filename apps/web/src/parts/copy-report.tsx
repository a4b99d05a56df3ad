import { Button, Textarea, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** The button goes back to its first words after this long, ms. */
const SAID_FOR = 2_000;

/** Gives the person a report to send on: through the clipboard, or to select where pages may not use it. */
export function CopyReport({ text, ready }: { readonly text: () => string; readonly ready: boolean }): ReactElement {
  const { t } = useTranslation();
  const [state, setState] = useState<"idle" | "copied" | "by-hand">("idle");
  useEffect(() => {
    if (state !== "copied") return;
    const timer = setTimeout(() => setState("idle"), SAID_FOR);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      setState("copied");
    } catch {
      // Not on this page, or not in this browser: then by hand.
      setState("by-hand");
    }
  };
  return (
    <>
      <Button
        variant="default"
        disabled={!ready}
        leftSection={state === "copied" ? <IconCheck size={18} /> : <IconCopy size={18} />}
        onClick={() => void copy()}
      >
        {t(state === "copied" ? "check.copied" : "check.copy")}
      </Button>
      <VisuallyHidden role="status">{state === "copied" ? t("check.copied") : ""}</VisuallyHidden>
      {state === "by-hand" && ready ? (
        <Textarea
          w="100%"
          label={t("check.report")}
          description={t("check.byHand")}
          value={text()}
          readOnly
          autosize
          maxRows={12}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      ) : null}
    </>
  );
}
