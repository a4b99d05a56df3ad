import { ActionIcon, Group, Text, Tooltip } from "@mantine/core";
import { IconEye, IconEyeOff, IconRefresh } from "@tabler/icons-react";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../state/host-context.ts";
import { useCommand } from "../state/use-command.ts";
import { CopyIcon } from "./copy-icon.tsx";
import { RefusalNote } from "./refusal-note.tsx";

const HIDDEN = "pulpit.hide-password";

export function OneTimePassword({ value }: { readonly value: string }): ReactElement {
  const { t } = useTranslation();
  const { settings } = useView();
  const renew = useCommand("one-time.renew");
  const [hidden, setHidden] = useState(() => localStorage.getItem(HIDDEN) === "yes");
  const hide = (yes: boolean): void => {
    localStorage.setItem(HIDDEN, yes ? "yes" : "no");
    setHidden(yes);
  };
  return (
    <>
      <Group gap={4} wrap="nowrap" mih={52}>
        <Text
          className="read-out secret-text"
          fw={700}
          fz={{ base: 26, sm: 32 }}
          lh={1.2}
          mr={4}
          aria-label={hidden ? t("access.hidden") : value}
        >
          {hidden ? "•".repeat(value.length) : value}
        </Text>
        <Tooltip label={t(hidden ? "access.show" : "access.hide")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t(hidden ? "access.show" : "access.hide")}
            onClick={() => hide(!hidden)}
          >
            {hidden ? <IconEye size={20} /> : <IconEyeOff size={20} />}
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t("access.renew")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            loading={renew.busy}
            aria-label={t("access.renew")}
            onClick={() => void renew.run({})}
          >
            <IconRefresh size={20} />
          </ActionIcon>
        </Tooltip>
        <CopyIcon value={value} label={t("access.copyPassword")} />
      </Group>
      <Text fz="sm" c="dimmed">
        {t(`access.passwordHint.${settings.approval}`)} {t(`access.passwordRenewal.${settings["one-time-renewal"]}`)}
      </Text>
      <RefusalNote refused={renew.refused} />
    </>
  );
}
