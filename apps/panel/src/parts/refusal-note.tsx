import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Refused } from "../channel/refused.ts";

/** Why the host did not do what it was told. */
export function RefusalNote({
  refused,
  wanted,
}: {
  readonly refused: Refused | undefined;
  /** What a value of this setting has to be, in the person's language; the host says it in English. */
  readonly wanted?: string;
}): ReactElement | null {
  const { t } = useTranslation();
  if (refused === undefined) return null;
  const detail = refused.code === "bad-value" ? (wanted ?? refused.detail) : refused.detail;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle size={18} />} p="sm">
      <Text fz="sm">{t(`refusal.${refused.code}`)}</Text>
      {detail === undefined ? null : (
        <Text fz="sm" opacity={0.85} style={{ overflowWrap: "anywhere" }}>
          {detail}
        </Text>
      )}
    </Alert>
  );
}
