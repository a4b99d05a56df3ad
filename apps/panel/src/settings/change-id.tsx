import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { groupHostId } from "@pulpit/page-kit";
import { IconCircleCheck } from "@tabler/icons-react";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { useView } from "../state/host-context.ts";
import { useCommand } from "../state/use-command.ts";

/** As the ID server takes them. Source: docs/protocol/rendezvous.md, section 4. */
const ID = /^[A-Za-z][A-Za-z0-9_-]{5,15}$/;

export function ChangeId(): ReactElement {
  const { t } = useTranslation();
  const { id } = useView();
  const change = useCommand("id.change");
  const [written, setWritten] = useState("");
  const [done, setDone] = useState(false);
  const wanted = written.trim();
  const bad = wanted !== "" && !ID.test(wanted);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ID.test(wanted) || (await change.run({ id: wanted })) === undefined) return;
    setWritten("");
    setDone(true);
  };
  return (
    <Stack gap="sm" component="form" onSubmit={(event: FormEvent) => void submit(event)}>
      <Group gap="sm" align="flex-start">
        <TextInput
          flex="1 1 220px"
          maw={520}
          label={t("computer.newId")}
          description={t("computer.idRules")}
          placeholder={groupHostId(id)}
          value={written}
          maxLength={40}
          autoComplete="off"
          spellCheck={false}
          error={bad ? t("refusal.bad-id") : undefined}
          onChange={({ currentTarget }) => {
            setWritten(currentTarget.value);
            setDone(false);
            change.forget();
          }}
        />
      </Group>
      <RefusalNote refused={change.refused} />
      {done ? (
        <Alert color="pine" role="status" p="sm" icon={<IconCircleCheck size={18} />}>
          {t("computer.idChanged", { id })}
        </Alert>
      ) : null}
      <Group>
        <Button type="submit" loading={change.busy} disabled={!ID.test(wanted)}>
          {t("computer.changeId")}
        </Button>
      </Group>
    </Stack>
  );
}
