import { Stack } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../state/host-context.ts";
import { ApprovalSetting } from "./approval-setting.tsx";
import { ChoiceSetting } from "./choice-setting.tsx";
import { PermanentPassword } from "./permanent-password.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { Section } from "./section.tsx";
import { SwitchSetting } from "./switch-setting.tsx";
import { TextSetting } from "./text-setting.tsx";
import { TrustedDevices } from "./trusted-devices.tsx";

const RENEWALS = ["after-use", "daily", "manual"] as const;

/** How somebody gets in: by password, by a click here, with a code besides. */
export function WaysIn(): ReactElement {
  const { t } = useTranslation();
  const { settings } = useView();
  return (
    <>
      <Section title={t("approval.title")} text={t("approval.text")}>
        <ApprovalSetting />
        <TextSetting name="accept-seconds" unit={t("unit.seconds")} />
      </Section>
      <Section title={t("oneTime.title")} text={t("oneTime.text")}>
        <SwitchSetting name="one-time-password" />
        {settings["one-time-password"] === "yes" ? (
          <Stack gap="md">
            <ChoiceSetting name="one-time-length" choices={["6", "8", "10"].map((length) => [length, length])} />
            <SwitchSetting name="one-time-digits" />
            <ChoiceSetting
              name="one-time-renewal"
              long
              choices={RENEWALS.map((renewal) => [renewal, t(`oneTime.renewal.${renewal}`)])}
            />
          </Stack>
        ) : null}
      </Section>
      <Section title={t("permanent.title")} text={t("permanent.text")}>
        <PermanentPassword />
      </Section>
      <Section title={t("secondFactor.title")} text={t("secondFactor.text")}>
        <SecondFactor />
      </Section>
      <Section title={t("trusted.title")} text={t("trusted.text")}>
        <TrustedDevices />
      </Section>
    </>
  );
}
