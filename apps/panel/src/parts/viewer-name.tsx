import { Text, Tooltip } from "@mantine/core";
import type { ViewerView } from "@pulpit/host-control";
import { groupHostId } from "@pulpit/page-kit";
import { IconUserQuestion } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { plainText } from "../state/hostile-text.ts";

/** How somebody calls themselves, with a mark that nobody has checked it. */
export function ViewerName({ viewer }: { readonly viewer: Pick<ViewerView, "id" | "name"> }): ReactElement {
  const { t } = useTranslation();
  return (
    <Text fw={650} fz="lg" component="span" style={{ overflowWrap: "anywhere" }}>
      <bdi>{plainText(viewer.name) || groupHostId(plainText(viewer.id)) || t("viewer.nameless")}</bdi>{" "}
      <Tooltip label={t("viewer.unchecked")} multiline maw={260} events={{ hover: true, focus: true, touch: true }}>
        <Text
          component="span"
          tabIndex={0}
          role="img"
          aria-label={t("viewer.unchecked")}
          c="dimmed"
          style={{ verticalAlign: "-3px", cursor: "help" }}
        >
          <IconUserQuestion size={17} stroke={1.7} aria-hidden />
        </Text>
      </Tooltip>
    </Text>
  );
}
