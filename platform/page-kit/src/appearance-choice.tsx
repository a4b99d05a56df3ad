import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { KIT_WORDS } from "./languages.ts";

/** Light, dark or as the system has it; kept in this browser. */
export function AppearanceChoice(): ReactElement {
  const { t } = useTranslation(KIT_WORDS);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      aria-label={t("appearance")}
      value={colorScheme}
      data={[
        { value: "auto", label: t("automatic") },
        { value: "light", label: t("light") },
        { value: "dark", label: t("dark") },
      ]}
      onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}
    />
  );
}
