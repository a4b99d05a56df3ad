import { Alert, Button, Card, Group, Stack, TextInput } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { destinationOf } from "../state/destination.ts";
import { groupHostId } from "../state/host-id.ts";
import { type Prefill, prefillWith } from "../state/prefill.ts";
import type { ServerConfig } from "../state/server-config.ts";

/** Where a person says which computer they mean. A link may fill it in; only the person starts the connection. */
export function ConnectForm({
  config,
  prefill,
  onOpen,
}: {
  readonly config: ServerConfig;
  readonly prefill: Prefill;
  readonly onOpen: (to: { readonly hostId: string; readonly relay: boolean }) => void;
}): ReactElement {
  const { t } = useTranslation();
  const [field, setField] = useState<Prefill>({ ...prefill, text: groupHostId(prefill.text) });
  const [tried, setTried] = useState(prefill.text !== "");
  const to = destinationOf(field.text, config);

  const change = (value: string): void => {
    const next = prefillWith(value, config);
    setField({ ...next, text: groupHostId(next.text) });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (to.type === "host" && !to.fromLink) onOpen(to);
  };

  return (
    <Card component="form" onSubmit={submit} shadow="md" padding="lg" withBorder>
      <Stack gap="md">
        <Group align="flex-start" gap="sm">
          <TextInput
            flex="1 1 240px"
            size="lg"
            label={t("home.idLabel")}
            placeholder={t("home.idPlaceholder")}
            value={field.text}
            error={tried && to.type === "problem" ? t(`target.${to.problem}`, { place: to.place }) : undefined}
            errorProps={{ style: { overflowWrap: "anywhere" } }}
            autoFocus
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            styles={{ input: { fontVariantNumeric: "tabular-nums", letterSpacing: "0.04em" } }}
            onChange={({ currentTarget }) => change(currentTarget.value)}
          />
          <Button type="submit" size="lg" mt={{ base: 0, sm: 29 }} flex={{ base: "1 1 100%", sm: "0 0 auto" }}>
            {t("home.connect")}
          </Button>
        </Group>
        {field.fromLink || field.hadPassword ? (
          <Alert variant="light" icon={<IconLink size={20} />} role="status">
            {field.fromLink ? <div>{t("home.fromLink")}</div> : null}
            {field.hadPassword ? <div>{t("home.hadPassword")}</div> : null}
          </Alert>
        ) : null}
      </Stack>
    </Card>
  );
}
