import { Alert, Button, CopyButton, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../state/host-context.ts";

/** The codes for when the authenticator is gone; the host keeps only their hashes, so they are seen here and never again. */
export function RecoveryCodes({
  codes,
  onDone,
}: {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { id } = useView();
  const text = `${t("recovery.fileTitle", { id })}\n\n${codes.join("\n")}\n`;
  return (
    <Stack gap="md">
      <Alert color="orange" icon={<IconAlertTriangle size={20} />} title={t("recovery.title")} role="status">
        {t("recovery.text")}
      </Alert>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {codes.map((code) => (
          <Text key={code} component="li" className="secret-text" fz="lg">
            {code}
          </Text>
        ))}
      </SimpleGrid>
      <Group gap="sm">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
              onClick={copy}
            >
              {t(copied ? "copy.copied" : "recovery.copy")}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" leftSection={<IconDownload size={18} />} onClick={() => saveText(text)}>
          {t("recovery.download")}
        </Button>
        <Button onClick={onDone}>{t("recovery.done")}</Button>
      </Group>
    </Stack>
  );
}

function saveText(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "pulpit-recovery-codes.txt";
  link.click();
  URL.revokeObjectURL(address);
}
