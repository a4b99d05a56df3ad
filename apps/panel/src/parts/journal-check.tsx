import { Alert, Button, Card, Group, Stack, Text } from "@mantine/core";
import type { JournalVerdict } from "@pulpit/host-control";
import { IconAlertTriangle, IconCircleCheck, IconShieldCheck } from "@tabler/icons-react";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "../state/use-command.ts";
import { RefusalNote } from "./refusal-note.tsx";

/** Has the host go over its whole journal: every entry is signed and names the one before it. */
export function JournalCheck(): ReactElement {
  const { t } = useTranslation();
  const verify = useCommand("history.verify");
  const [verdict, setVerdict] = useState<JournalVerdict>();
  return (
    <Card withBorder padding="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Text fz="sm" flex="1 1 260px">
            {t("history.checkText")}
          </Text>
          <Button
            variant="default"
            loading={verify.busy}
            leftSection={<IconShieldCheck size={18} />}
            onClick={() => void verify.run({}).then(setVerdict)}
          >
            {t("history.check")}
          </Button>
        </Group>
        <RefusalNote refused={verify.refused} />
        {verdict === undefined ? null : <Verdict verdict={verdict} />}
      </Stack>
    </Card>
  );
}

function Verdict({ verdict }: { readonly verdict: JournalVerdict }): ReactElement {
  const { t } = useTranslation();
  return verdict.type === "whole" ? (
    <Alert color="pine" role="status" p="sm" icon={<IconCircleCheck size={20} />}>
      {t("history.whole", { count: verdict.entries })}
    </Alert>
  ) : (
    <Alert color="red" role="alert" p="sm" icon={<IconAlertTriangle size={20} />}>
      {t("history.broken", { entry: verdict.entry })} {t(`history.brokenWhy.${verdict.why}`)}
    </Alert>
  );
}
