import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Refused } from "../channel/refused.ts";

/** Why the host did not do what it was told. */
export function RefusalNote({ refused }: { readonly refused: Refused | undefined }): ReactElement | null {
  const { t } = useTranslation();
  if (refused === undefined) return null;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle size={18} />} p="sm">
      <Text fz="sm">{t(`refusal.${refused.code}`)}</Text>
      {refused.detail === undefined ? null : (
        <Text fz="sm" opacity={0.85} style={{ overflowWrap: "anywhere" }}>
          {refused.detail}
        </Text>
      )}
    </Alert>
  );
}
