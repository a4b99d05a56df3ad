import { Box, Button, Center, Code, Loader } from "@mantine/core";
import { Notice } from "@pulpit/page-kit";
import { type ReactElement, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "./channel/channel.ts";
import { Frame } from "./frame.tsx";
import { HostContext } from "./state/host-context.ts";

export function App({ channel }: { readonly channel: Channel }): ReactElement {
  const state = useSyncExternalStore(channel.subscribe, channel.state);
  const shown = state.type === "open" || state.type === "away" ? state.shown : undefined;
  const away = state.type === "away";
  return (
    <Box className="page">
      {state.type === "opening" ? (
        <Center h="100dvh">
          <Loader />
        </Center>
      ) : null}
      {shown === undefined ? null : (
        // Kept under the notice, so that what somebody is writing is still there when the host is back.
        <Box inert={away} className={away ? "out-of-date" : ""}>
          <HostContext value={{ ...shown, ask: (name, ask) => channel.ask(name, ask), away }}>
            <Frame />
          </HostContext>
        </Box>
      )}
      {away ? (
        <Box className={shown === undefined ? "whole" : "over"}>
          <Away why={state.why} />
        </Box>
      ) : null}
      {state.type === "shut" ? (
        <Box className="whole">
          <Shut why={state.why} onAgain={() => channel.open()} />
        </Box>
      ) : null}
    </Box>
  );
}

function Away({ why }: { readonly why: "lost" | "host-stopped" }): ReactElement {
  const { t } = useTranslation();
  return (
    <Notice title={t(`away.${why}.title`)} text={t(`away.${why}.text`)}>
      <Loader size="sm" type="dots" aria-hidden />
    </Notice>
  );
}

function Shut({
  why,
  onAgain,
}: {
  readonly why: "not-let-in" | "too-many";
  readonly onAgain: () => void;
}): ReactElement {
  const { t } = useTranslation();
  return why === "not-let-in" ? (
    <Notice title={t("shut.not-let-in.title")} text={t("shut.not-let-in.text")}>
      <Code block fz="md">
        pulpit host panel
      </Code>
    </Notice>
  ) : (
    <Notice
      title={t("shut.too-many.title")}
      text={t("shut.too-many.text")}
      actions={<Button onClick={onAgain}>{t("shut.too-many.again")}</Button>}
    />
  );
}
