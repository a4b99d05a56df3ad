import { Box, Group, Text, ThemeIcon } from "@mantine/core";
import type { HistoryEntry, HistoryEvent } from "@pulpit/host-control";
import {
  IconAdjustments,
  IconBan,
  IconHandClick,
  IconId,
  IconKey,
  IconLogin2,
  IconLogout2,
  IconPlayerPlay,
  IconPlayerStop,
  IconQuestionMark,
  IconShieldLock,
  IconToggleLeft,
  IconUserCheck,
} from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { historyDetail, historySentence } from "../state/history-sentence.ts";
import { clockText } from "../state/time-text.ts";

const SIGNS: Readonly<Record<HistoryEvent["type"], readonly [icon: typeof IconKey, color: string]>> = {
  started: [IconPlayerPlay, "gray"],
  stopped: [IconPlayerStop, "gray"],
  asked: [IconQuestionMark, "blue"],
  answered: [IconHandClick, "blue"],
  joined: [IconLogin2, "pine"],
  used: [IconToggleLeft, "pine"],
  permitted: [IconToggleLeft, "pine"],
  left: [IconLogout2, "gray"],
  refused: [IconBan, "red"],
  setting: [IconAdjustments, "gray"],
  password: [IconKey, "orange"],
  "second-factor": [IconShieldLock, "orange"],
  trusted: [IconUserCheck, "orange"],
  id: [IconId, "orange"],
};

export function HistoryRow({
  entry,
  names,
}: {
  readonly entry: HistoryEntry;
  /** Of sessionNames. */
  readonly names: ReadonlyMap<string, string>;
}): ReactElement {
  const { t, i18n } = useTranslation();
  const [Icon, color] = SIGNS[entry.event.type] ?? [IconQuestionMark, "gray"];
  const detail = historyDetail(entry.event, t);
  return (
    <Group component="li" wrap="nowrap" align="flex-start" gap="sm" py={6}>
      <ThemeIcon variant="light" color={color} size={30} radius="xl" aria-hidden>
        <Icon size={17} stroke={1.8} />
      </ThemeIcon>
      <Box miw={0} flex={1} style={{ overflowWrap: "anywhere" }}>
        <Text fz="sm" lh={1.45} pt={4}>
          {historySentence(entry.event, names, t)}
        </Text>
        {detail === "" ? null : (
          <Text fz="xs" c="dimmed">
            {detail}
          </Text>
        )}
      </Box>
      <Text
        component="time"
        dateTime={entry.at}
        title={`№ ${entry.number} · ${entry.at}`}
        fz="xs"
        c="dimmed"
        pt={6}
        style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}
      >
        {clockText(entry.at, i18n.language)}
      </Text>
    </Group>
  );
}
