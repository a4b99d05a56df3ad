import { Text } from "@mantine/core";
import type { WayReport } from "@pulpit/viewer";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";

/** Which ways there were to the other computer, and why all but one are not in use; for whoever asks. */
export function WaysTried({ ways }: { readonly ways: readonly WayReport[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <details className="ways">
      <Text component="summary" fz="sm" c="dimmed" fw={500}>
        {t("ways.title")}
      </Text>
      <dl>
        {ways.map(({ name, outcome, failure }) => (
          <div key={name}>
            <Text component="dt" fz="sm" fw={500}>
              {t(`way.${name}`)}
            </Text>
            <Text component="dd" fz="sm" {...(outcome === "won" ? {} : { c: "dimmed" })}>
              {t(failure === undefined ? `ways.${outcome}` : `wayFailure.${failure}`)}
            </Text>
          </div>
        ))}
      </dl>
    </details>
  );
}
