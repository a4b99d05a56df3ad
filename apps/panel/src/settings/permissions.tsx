import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../state/host-context.ts";
import { PERMISSION_GROUPS } from "../state/permission-names.ts";
import { Section } from "./section.tsx";
import { SwitchSetting } from "./switch-setting.tsx";

/** What a visitor may do from the start; during a visit the switches beside it decide. */
export function PermissionsSettings(): ReactElement {
  const { t } = useTranslation();
  const { abilities } = useView();
  return (
    <>
      {Object.entries(PERMISSION_GROUPS).map(([group, permissions]) => (
        <Section key={group} title={t(`permission.group.${group}`)} text={t(`permission.groupText.${group}`)}>
          {permissions.map((permission) => (
            <SwitchSetting
              key={permission}
              name={`allow-${permission}`}
              unavailable={abilities.includes(permission) ? undefined : t("permission.notAvailable")}
            />
          ))}
        </Section>
      ))}
    </>
  );
}
