import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ListSetting } from "./list-setting.tsx";
import { Section } from "./section.tsx";

export function WhoMayCome(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Section title={t("who.addresses")} text={t("who.addressesText")}>
        <ListSetting name="blocked-addresses" placeholder="203.0.113.7" blanks="between" />
        <ListSetting name="allowed-addresses" placeholder="192.168.0.0/16" blanks="between" />
      </Section>
      <Section title={t("who.ids")} text={t("who.idsText")}>
        <ListSetting name="blocked-ids" placeholder="123 456 789" blanks="inside" />
        <ListSetting name="allowed-ids" placeholder="office-*" blanks="inside" />
      </Section>
    </>
  );
}
