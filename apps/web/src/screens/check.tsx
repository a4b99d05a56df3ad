import { Anchor, Box, Button, Card, Container, Group, Stack, Text, Title } from "@mantine/core";
import { Logo } from "@pulpit/page-kit";
import { IconRefresh } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { CHECKS, levelOf, summaryOf, type Verdict } from "../check/outcomes.ts";
import { type ReportLine, reportText } from "../check/report.ts";
import { timeInWords } from "../check/time-apart.ts";
import { useChecks } from "../check/use-checks.ts";
import { CheckLine } from "../parts/check-line.tsx";
import { CopyReport } from "../parts/copy-report.tsx";
import { SettingsMenu } from "../parts/settings-menu.tsx";
import type { ServerConfig } from "../state/server-config.ts";

/** What this browser, this network and the server make possible, as `pulpit doctor` tells it of its side. */
export function Check({ config }: { readonly config: ServerConfig }): ReactElement {
  const { t, i18n } = useTranslation();
  const [verdicts, again] = useChecks(config);
  const summary = summaryOf(verdicts);
  const ready = CHECKS.every((name) => verdicts[name] !== undefined);

  const blanks = ({ ms, secondsApart = 0, codecs = [] }: Verdict) => ({
    ms: new Intl.NumberFormat(i18n.language).format(ms ?? 0),
    apart: timeInWords(secondsApart, i18n.language),
    codecs: new Intl.ListFormat(i18n.language).format(codecs),
  });
  const lines = CHECKS.map((check) => {
    const verdict = verdicts[check];
    const level = levelOf(verdict);
    const said = { name: t(`check.name.${check}`), level: t(`check.level.${level}`) };
    if (verdict === undefined) return { check, level, line: { ...said, text: "", advice: "" } };
    const key = `check.is.${verdict.outcome}`;
    const advice = level === "good" ? "" : t(`${key}.do`);
    return { check, level, line: { ...said, text: t(`${key}.text`, blanks(verdict)), advice } };
  });
  const report = (): string =>
    reportText(
      t("check.title"),
      { page: location.origin, at: new Date(), browser: navigator.userAgent },
      lines.map(({ line }): ReportLine => line),
    );

  return (
    <Box className="page">
      <Container size={640} py="md">
        <Group justify="space-between" component="header">
          <Logo />
          <SettingsMenu />
        </Group>
        <Stack gap="lg" mt={{ base: 24, sm: 48 }} pb="xl" component="main">
          <Anchor component={Link} href="/" fz="sm">
            ← {t("end.back")}
          </Anchor>
          <Stack gap="xs">
            <Title order={1} fz={{ base: 26, sm: 32 }} lh={1.15}>
              {t("check.title")}
            </Title>
            <Text c="dimmed">{t("check.lead")}</Text>
          </Stack>
          <Text fw={600} role="status">
            {t(`check.summary.${summary}`)}
          </Text>
          <Card withBorder shadow="md" px="lg" py={6}>
            <ul className="checks" aria-label={t("check.results")} aria-live="polite">
              {lines.map(({ check, level, line }) => (
                <CheckLine key={check} level={level} line={line} />
              ))}
            </ul>
          </Card>
          <Group>
            <Button leftSection={<IconRefresh size={18} />} onClick={again}>
              {t("check.again")}
            </Button>
            <CopyReport text={report} ready={ready} />
          </Group>
        </Stack>
      </Container>
    </Box>
  );
}
