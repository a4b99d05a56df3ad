import { Stack, Text, Title } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { AccessCard } from "../parts/access-card.tsx";
import { ServiceCard } from "../parts/service-card.tsx";
import { SessionCard } from "../parts/session-card.tsx";
import { useView } from "../state/host-context.ts";

export function HomeScreen({ onSettings }: { readonly onSettings: () => void }): ReactElement {
  const { t } = useTranslation();
  const { sessions } = useView();
  return (
    <Stack gap="lg">
      <ServiceCard />
      <AccessCard onSettings={onSettings} />
      <Stack gap="sm" component="section" aria-labelledby="connected">
        <Title order={2} fz={19} id="connected" aria-live="polite">
          {t("home.connected", { count: sessions.length })}
        </Title>
        {sessions.length === 0 ? <Text c="dimmed">{t("home.nobody")}</Text> : null}
        {sessions.map((session) => (
          <SessionCard key={session.session} session={session} />
        ))}
      </Stack>
    </Stack>
  );
}
