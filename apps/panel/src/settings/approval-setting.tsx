import { Radio, Stack } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { useSetting } from "../state/use-setting.ts";

const WAYS = ["password", "click", "either", "both"] as const;

export function ApprovalSetting(): ReactElement {
  const { t } = useTranslation();
  const { value, set, refused } = useSetting("approval");
  return (
    <Stack gap="xs">
      <Radio.Group aria-label={t("approval.title")} value={value} onChange={(way) => void set(way)}>
        <Stack gap="sm">
          {WAYS.map((way) => (
            <Radio key={way} value={way} label={t(`approval.${way}.label`)} description={t(`approval.${way}.hint`)} />
          ))}
        </Stack>
      </Radio.Group>
      <RefusalNote refused={refused} />
    </Stack>
  );
}
