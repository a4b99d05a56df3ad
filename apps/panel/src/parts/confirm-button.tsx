import { Button, type ButtonProps, Group, Modal, Stack, Text } from "@mantine/core";
import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Refused } from "../channel/refused.ts";
import { RefusalNote } from "./refusal-note.tsx";

/** A button for what can't be taken back: asks once more, with the safe answer under the Enter key. */
export function ConfirmButton({
  children,
  title,
  text,
  onConfirm,
  busy,
  refused,
  ...button
}: ButtonProps & {
  readonly children: ReactNode;
  readonly title: string;
  readonly text: string;
  /** Whether it was done; the question goes away then. */
  readonly onConfirm: () => Promise<boolean>;
  readonly busy: boolean;
  readonly refused: Refused | undefined;
}): ReactElement {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const confirm = async (): Promise<void> => {
    if (await onConfirm()) setAsked(false);
  };
  return (
    <>
      <Button {...button} onClick={() => setAsked(true)}>
        {children}
      </Button>
      <Modal
        opened={asked}
        onClose={() => setAsked(false)}
        title={title}
        className="question"
        centered
        withCloseButton={false}
      >
        <Stack gap="md">
          <Text>{text}</Text>
          <RefusalNote refused={refused} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" data-autofocus onClick={() => setAsked(false)}>
              {t("confirm.cancel")}
            </Button>
            <Button color="red.8" loading={busy} onClick={() => void confirm()}>
              {children}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
