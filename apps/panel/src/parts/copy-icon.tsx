import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";

export function CopyIcon({ value, label }: { readonly value: string; readonly label: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t("copy.copied") : label} events={{ hover: true, focus: true, touch: false }}>
          <ActionIcon
            variant="subtle"
            color={copied ? "pine" : "gray"}
            size="lg"
            aria-label={copied ? t("copy.copied") : label}
            onClick={copy}
          >
            {copied ? <IconCheck size={20} /> : <IconCopy size={20} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
