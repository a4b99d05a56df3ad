import { ActionIcon, Anchor, Button, Card, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { Fingerprint } from "@pulpit/page-kit";
import { fingerprint } from "@pulpit/viewer";
import type { KnownComputer } from "@pulpit/viewer-web/known-hosts";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { CHOSEN } from "../state/chosen.ts";
import { hostIdInText } from "../state/host-id.ts";

/** One computer this browser knows the key of: to be compared, named and forgotten. */
export function KnownComputerCard({
  computer,
  ours,
  onRename,
  onForget,
}: {
  readonly computer: KnownComputer;
  /** The server of this page vouched for it. */
  readonly ours: boolean;
  readonly onRename: (name: string) => void;
  readonly onForget: () => void;
}): ReactElement {
  const { t, i18n } = useTranslation();
  const [naming, setNaming] = useState(false);
  const id = hostIdInText(computer.hostId);
  const shown = computer.name || id;
  const { firstSeen } = computer;
  const when =
    firstSeen === undefined
      ? t("computers.seenUnknown")
      : new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" }).format(firstSeen);
  return (
    <Card padding="md" withBorder component="article" aria-label={shown}>
      <Stack gap="sm">
        {naming ? (
          <NameForm
            name={computer.name}
            onDone={(name) => {
              setNaming(false);
              if (name !== undefined) onRename(name);
            }}
          />
        ) : (
          <Group wrap="nowrap" gap="xs" align="flex-start">
            <Stack gap={0} flex={1} miw={0}>
              <Title order={2} fz={17} style={{ overflowWrap: "anywhere" }}>
                {ours ? (
                  <Link href={`/connect/${encodeURIComponent(computer.hostId)}`} state={CHOSEN} asChild>
                    <Anchor inherit>{shown}</Anchor>
                  </Link>
                ) : (
                  shown
                )}
              </Title>
              {computer.name === "" ? null : (
                <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {id}
                </Text>
              )}
            </Stack>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("computers.rename", { name: shown })}
              title={t("computers.rename", { name: shown })}
              onClick={() => setNaming(true)}
            >
              <IconPencil size={18} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("computers.forget", { name: shown })}
              title={t("computers.forget", { name: shown })}
              onClick={onForget}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Group>
        )}
        <Fact name={t("computers.key")}>
          <Fingerprint value={fingerprint(computer.key)} />
        </Fact>
        <Fact name={t("computers.firstSeen")}>{when}</Fact>
        <Fact name={t("computers.server")}>{ours ? t("computers.thisServer") : computer.serverKey}</Fact>
        {computer.trustsUs ? <Fact name={t("computers.code")}>{t("computers.trustsUs")}</Fact> : null}
      </Stack>
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactElement | string }): ReactElement {
  return (
    <Stack gap={0}>
      <Text fz="xs" c="dimmed" fw={500}>
        {name}
      </Text>
      <Text component="div" fz="sm" style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </Stack>
  );
}

/** `onDone`: the new name, or nothing when it was given up. */
function NameForm({ name, onDone }: { readonly name: string; readonly onDone: (name?: string) => void }): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onDone(text);
  };
  return (
    <Group component="form" onSubmit={submit} align="flex-end" gap="xs">
      <TextInput
        flex="1 1 200px"
        label={t("computers.name")}
        description={t("computers.nameHint")}
        value={text}
        maxLength={64}
        autoFocus
        autoComplete="off"
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={({ key }) => key === "Escape" && onDone()}
      />
      <Button type="submit">{t("computers.save")}</Button>
      <Button variant="default" onClick={() => onDone()}>
        {t("step.cancel")}
      </Button>
    </Group>
  );
}
