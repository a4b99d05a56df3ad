import { Button, Group, Input, Stack, TextInput } from "@mantine/core";
import type { SettingName } from "@pulpit/host-control";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { useSetting } from "../state/use-setting.ts";

/** One line of text or a number; it holds when it is saved. */
export function TextSetting({
  name,
  placeholder = "",
  unit,
}: {
  readonly name: SettingName;
  readonly placeholder?: string;
  /** Of a number; what has none is text. */
  readonly unit?: string;
}): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const { value, set, busy, refused, forget } = useSetting(name);
  const [written, setWritten] = useState<string>();
  const changed = written !== undefined && written.trim() !== value;
  const number = unit !== undefined;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (changed && (await set(written.trim()))) setWritten(undefined);
  };
  const undo = (): void => {
    setWritten(undefined);
    forget();
  };
  return (
    <Stack gap="xs" component="form" onSubmit={(event: FormEvent) => void submit(event)}>
      <Input.Wrapper
        id={id}
        label={t(`setting.${name}.label`)}
        description={t(`setting.${name}.hint`)}
        descriptionProps={{ mb: 6 }}
      >
        <Group gap="sm">
          <TextInput
            id={id}
            aria-describedby={`${id}-description`}
            flex={number ? "0 0 130px" : "1 1 220px"}
            placeholder={placeholder}
            value={written ?? value}
            inputMode={number ? "numeric" : "text"}
            maxLength={number ? 6 : 300}
            autoComplete="off"
            spellCheck={false}
            rightSection={unit}
            rightSectionWidth={number ? 52 : 0}
            styles={{ section: { fontSize: "var(--mantine-font-size-sm)", color: "var(--mantine-color-dimmed)" } }}
            onChange={({ currentTarget }) => setWritten(currentTarget.value)}
          />
          {changed ? (
            <>
              <Button type="submit" loading={busy}>
                {t("setting.save")}
              </Button>
              <Button variant="default" onClick={undo}>
                {t("confirm.cancel")}
              </Button>
            </>
          ) : null}
        </Group>
      </Input.Wrapper>
      <RefusalNote refused={refused} wanted={t(`setting.${name}.wanted`)} />
    </Stack>
  );
}
