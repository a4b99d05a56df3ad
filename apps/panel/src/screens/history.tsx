import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { type HistoryEntry, MAX_PAGE } from "@pulpit/host-control";
import { IconRefresh } from "@tabler/icons-react";
import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { HistoryRow } from "../parts/history-row.tsx";
import { JournalCheck } from "../parts/journal-check.tsx";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { byDay } from "../state/by-day.ts";
import { sessionNames } from "../state/history-sentence.ts";
import { dayText } from "../state/time-text.ts";
import { useCommand } from "../state/use-command.ts";

/** Entries that are fetched at a time. */
const PAGE = Math.min(50, MAX_PAGE);

/** What this host has written down about itself, newest first. */
export function HistoryScreen(): ReactElement {
  const { t, i18n } = useTranslation();
  const history = useCommand("history");
  const [entries, setEntries] = useState<readonly HistoryEntry[]>();
  const [whole, setWhole] = useState(false);

  const fetchBefore = async (before: number): Promise<void> => {
    const more = await history.run({ before, limit: PAGE });
    if (more === undefined) return;
    setWhole(more.length < PAGE || more.at(-1)?.number === 1);
    setEntries((known) => (before === 0 ? more : [...(known ?? []), ...more]));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the screen opens; afterwards the buttons ask
  useEffect(() => void fetchBefore(0), []);

  const names = sessionNames(entries ?? []);
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Title order={1} fz={{ base: 24, sm: 28 }}>
          {t("nav.history")}
        </Title>
        <Button
          variant="default"
          loading={history.busy}
          leftSection={<IconRefresh size={18} />}
          onClick={() => void fetchBefore(0)}
        >
          {t("history.refresh")}
        </Button>
      </Group>
      <Text c="dimmed" maw={640}>
        {t("history.text")}
      </Text>
      <JournalCheck />
      <RefusalNote refused={history.refused} />
      {entries?.length === 0 ? <Text c="dimmed">{t("history.empty")}</Text> : null}
      {byDay(entries ?? []).map(([day, ofDay]) => (
        <Card key={day} component="section" withBorder padding="md" aria-label={dayText(day, i18n.language)}>
          <Title order={2} fz="md" mb="xs">
            {dayText(day, i18n.language)}
          </Title>
          <Stack gap={2} component="ol" m={0} p={0} style={{ listStyle: "none" }}>
            {ofDay.map((entry) => (
              <HistoryRow key={entry.number} entry={entry} names={names} />
            ))}
          </Stack>
        </Card>
      ))}
      {entries === undefined || entries.length === 0 || whole ? null : (
        <Button variant="default" loading={history.busy} onClick={() => void fetchBefore(entries.at(-1)?.number ?? 0)}>
          {t("history.older")}
        </Button>
      )}
    </Stack>
  );
}
