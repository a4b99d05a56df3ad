import { Button, Stack, Text } from "@mantine/core";
import { AppearanceChoice, LANGUAGES, LanguageChoice } from "@pulpit/page-kit";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { ChangeId } from "./change-id.tsx";
import { ChoiceSetting } from "./choice-setting.tsx";
import { OwnAddress } from "./own-address.tsx";
import { Section } from "./section.tsx";
import { SwitchSetting } from "./switch-setting.tsx";
import { TextSetting } from "./text-setting.tsx";

export function ThisComputer(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Section title={t("computer.id")} text={t("computer.idText")}>
        <ChangeId />
      </Section>
      <Section title={t("computer.server")} text={t("computer.serverText")}>
        <TextSetting name="server" placeholder="pulpit.example.org" />
        <TextSetting name="server-key" />
        <TextSetting name="relay" placeholder={t("computer.relayPlaceholder")} />
        <SwitchSetting name="direct" />
        <SwitchSetting name="discoverable" />
        <TextSetting name="proxy" placeholder="socks5://proxy.example.org:1080" />
      </Section>
      <OwnAddress />
      <Section title={t("computer.visits")}>
        <TextSetting name="idle-minutes" unit={t("unit.minutes")} />
      </Section>
      <Section title={t("computer.notifications")}>
        <SwitchSetting name="notifications" />
        <ChoiceSetting
          name="language"
          long
          choices={[["", t("computer.systemLanguage")], ...Object.entries(LANGUAGES)]}
        />
        <BrowserNotifications />
      </Section>
      <Section title={t("computer.page")} text={t("computer.pageText")}>
        <Stack gap="md" maw={360}>
          <LanguageChoice />
          <AppearanceChoice />
        </Stack>
      </Section>
    </>
  );
}

/** Browsers ask their person only after a click. */
function BrowserNotifications(): ReactElement | null {
  const { t } = useTranslation();
  const [state, setState] = useState(() => ("Notification" in window ? Notification.permission : "denied"));
  if (state === "denied") return null;
  return (
    <Stack gap="xs" align="flex-start">
      <Text fz="sm">{t(state === "granted" ? "computer.browserNotifies" : "computer.browserMayNotify")}</Text>
      {state === "granted" ? null : (
        <Button variant="default" onClick={() => void Notification.requestPermission().then(setState)}>
          {t("computer.allowBrowser")}
        </Button>
      )}
    </Stack>
  );
}
