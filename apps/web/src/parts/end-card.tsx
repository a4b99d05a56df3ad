import { Anchor, Blockquote, Button, Stack, Text } from "@mantine/core";
import { Fingerprint, Notice } from "@pulpit/page-kit";
import type { End, EndCode } from "@pulpit/viewer";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

/** Ends behind which the network may be, so that a check of it helps. */
const CHECKED: ReadonlySet<EndCode> = new Set(["server-unreachable", "relay-failed", "lost", "timed-out", "offline"]);

/** Why a session is over, in plain words, and what to do about it. */
export function EndCard({
  end,
  onAgain,
  onTrust,
  onBack,
}: {
  readonly end: End;
  readonly onAgain: () => void;
  /** Takes the new key for the right one from now on. */
  readonly onTrust: (fingerprint: string) => void;
  readonly onBack: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { offered } = end;
  // A page of `pulpit connect` has other addresses, and no server of its own to check.
  const mayCheck = useLocation()[0].startsWith("/connect/") && CHECKED.has(end.code);
  // Nobody vouches for it, and it was never seen before: a question, not an alarm.
  const isFirst = end.code === "key-unknown";
  const trust =
    offered === undefined ? null : (
      <Button
        {...(isFirst ? {} : { color: "red", variant: "outline" })}
        className="sentence"
        onClick={() => onTrust(offered)}
      >
        {t(isFirst ? "end.trustFirst" : "end.trustNew")}
      </Button>
    );
  const actions = (
    <>
      {isFirst ? trust : <Button onClick={onAgain}>{t("end.again")}</Button>}
      <Button variant="default" onClick={onBack}>
        {t("end.back")}
      </Button>
      {mayCheck ? (
        <Anchor component={Link} href="/check" fz="sm">
          {t("check.open")}
        </Anchor>
      ) : null}
      {isFirst ? null : trust}
    </>
  );
  return (
    <Notice title={t(`end.${end.code}.title`)} text={t(`end.${end.code}.text`)} actions={actions}>
      {end.detail === undefined ? null : (
        <Stack gap={4}>
          <Text fz="sm" c="dimmed">
            {t("end.theySaid")}
          </Text>
          <Blockquote p="sm" m={0} fz="sm" style={{ overflowWrap: "anywhere", maxHeight: 180, overflow: "auto" }}>
            {end.detail}
          </Blockquote>
        </Stack>
      )}
      {offered === undefined ? null : (
        <Stack gap="xs">
          {end.pinned === undefined ? null : (
            <>
              <Text fz="sm" fw={600}>
                {t("end.pinned")}
              </Text>
              <Fingerprint value={end.pinned} />
            </>
          )}
          <Text fz="sm" fw={600} {...(isFirst ? {} : { c: "red" })}>
            {t(isFirst ? "end.offeredFirst" : "end.offered")}
          </Text>
          <Fingerprint value={offered} />
        </Stack>
      )}
    </Notice>
  );
}
