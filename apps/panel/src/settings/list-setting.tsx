import { ActionIcon, Badge, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import type { SettingName } from "@pulpit/host-control";
import { IconX } from "@tabler/icons-react";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { type Blanks, itemsOf, listOf } from "../state/list-text.ts";
import { useSetting } from "../state/use-setting.ts";

/** A list that is edited entry by entry; several can be pasted at once. */
export function ListSetting({
  name,
  placeholder,
  blanks,
}: {
  readonly name: SettingName;
  readonly placeholder: string;
  readonly blanks: Blanks;
}): ReactElement {
  const { t } = useTranslation();
  const { value, set, busy, refused } = useSetting(name);
  const [written, setWritten] = useState("");
  const items = itemsOf(value, blanks);
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const added = itemsOf(written, blanks);
    if (added.length > 0 && (await set(listOf([...items, ...added])))) setWritten("");
  };
  return (
    <Stack gap="xs" component="form" onSubmit={(event: FormEvent) => void add(event)}>
      <Group gap="sm" align="flex-end" wrap="nowrap">
        <TextInput
          flex="1 1 auto"
          miw={0}
          label={t(`setting.${name}.label`)}
          description={t(`setting.${name}.hint`)}
          placeholder={placeholder}
          value={written}
          autoComplete="off"
          spellCheck={false}
          onChange={({ currentTarget }) => setWritten(currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          flex="0 0 auto"
          loading={busy}
          disabled={itemsOf(written, blanks).length === 0}
        >
          {t("setting.add")}
        </Button>
      </Group>
      {items.length === 0 ? (
        <Text fz="sm" c="dimmed">
          {t(`setting.${name}.empty`)}
        </Text>
      ) : (
        <Group gap={6} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
          {items.map((item) => (
            <Badge
              key={item}
              component="li"
              size="lg"
              variant="default"
              tt="none"
              fw={500}
              maw="100%"
              rightSection={
                <ActionIcon
                  size={18}
                  radius="xl"
                  variant="subtle"
                  color="gray"
                  disabled={busy}
                  aria-label={t("setting.remove", { item })}
                  onClick={() => void set(listOf(items.filter((other) => other !== item)))}
                >
                  <IconX size={13} />
                </ActionIcon>
              }
            >
              {item}
            </Badge>
          ))}
        </Group>
      )}
      <RefusalNote refused={refused} wanted={t(`setting.${name}.wanted`)} />
    </Stack>
  );
}
