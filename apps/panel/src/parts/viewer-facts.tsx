import type { ViewerView } from "@pulpit/host-control";
import { groupHostId } from "@pulpit/page-kit";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { plainText } from "../state/hostile-text.ts";
import { Facts } from "./facts.tsx";

/** Where somebody calls from, as far as it is known. */
export function ViewerFacts({ viewer }: { readonly viewer: ViewerView }): ReactElement {
  const { t } = useTranslation();
  return (
    <Facts
      facts={[
        [t("viewer.id"), groupHostId(plainText(viewer.id)) || t("viewer.unknown")],
        [t("viewer.address"), plainText(viewer.address) || t("viewer.unknown")],
        [t("viewer.platform"), plainText(viewer.platform) || t("viewer.unknown")],
      ]}
    />
  );
}
