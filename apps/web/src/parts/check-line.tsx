import "./check-line.css";
import { Group, Loader, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import type { ReactElement } from "react";
import type { Level } from "../check/outcomes.ts";
import type { ReportLine } from "../check/report.ts";

const ICONS: Readonly<Record<Level, typeof IconInfoCircle>> = {
  good: IconCircleCheck,
  note: IconInfoCircle,
  warning: IconAlertTriangle,
  bad: IconCircleX,
};

/** One check: what it came to, and what to do about it. */
export function CheckLine({
  level,
  line: { name, level: said, text, advice },
}: {
  readonly level: Level | "pending";
  readonly line: ReportLine;
}): ReactElement {
  const Icon = level === "pending" ? undefined : ICONS[level];
  return (
    <li data-level={level}>
      {Icon === undefined ? <Loader size={22} aria-hidden /> : <Icon className="look" size={24} aria-hidden />}
      <Group justify="space-between" gap="0 16px" align="baseline">
        <Text component="h2" fw={600}>
          {name}
        </Text>
        <Text className="look" fz="sm" fw={600}>
          {said}
        </Text>
      </Group>
      {text === "" ? null : <Text fz="sm">{text}</Text>}
      {advice === "" ? null : (
        <Text className="advice" fz="sm">
          {advice}
        </Text>
      )}
    </li>
  );
}
