import { Select } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { chooseLanguage, KIT_WORDS, LANGUAGES } from "./languages.ts";

/** The language of this page, kept in this browser. */
export function LanguageChoice(): ReactElement {
  const { t, i18n } = useTranslation(KIT_WORDS);
  return (
    <Select
      label={t("language")}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      value={i18n.language}
      allowDeselect={false}
      // Inside a popover the list has to belong to it, or choosing would close both.
      comboboxProps={{ withinPortal: false }}
      onChange={(language) => language !== null && void chooseLanguage(localStorage, language)}
    />
  );
}
