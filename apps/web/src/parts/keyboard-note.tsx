import { Group, Paper, Text } from "@mantine/core";
import { IconKeyboardOff } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";

/** Says over the remote desktop that its keyboard and mouse are not ours to use; empty while they are. */
export function KeyboardNote({ mayUse }: { readonly mayUse: boolean }): ReactElement {
  const { t } = useTranslation();
  // The frame is there all the time: screen readers announce what comes into it.
  return (
    <div role="status" style={{ position: "absolute", insetInline: 12, bottom: 16, pointerEvents: "none" }}>
      {mayUse ? null : (
        <Paper shadow="md" radius="md" withBorder px="md" py={10} mx="auto" w="fit-content" maw="100%">
          <Group gap="sm" wrap="nowrap">
            <IconKeyboardOff size={20} aria-hidden style={{ flex: "none" }} />
            <Text fz="sm">{t("session.noKeyboard")}</Text>
          </Group>
        </Paper>
      )}
    </div>
  );
}
