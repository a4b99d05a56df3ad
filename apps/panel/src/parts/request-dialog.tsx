import { Alert, Badge, Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import type { RequestView } from "@pulpit/host-control";
import { IconCheck, IconX } from "@tabler/icons-react";
import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHost } from "../state/host-context.ts";
import { useCommand } from "../state/use-command.ts";
import { useRemaining } from "../state/use-remaining.ts";
import { RefusalNote } from "./refusal-note.tsx";
import { ScopeIcon } from "./scope-icon.tsx";
import { ViewerFacts } from "./viewer-facts.tsx";
import { ViewerName } from "./viewer-name.tsx";

/** A dialog that comes up under the pointer or a key that is just being pressed does not let anybody in, ms. */
const BEFORE_ACCEPTING = 800;

/** Asks the person at this computer, over whatever they are doing on the page. One request at a time, oldest first. */
export function RequestDialog(): ReactElement | null {
  const { view, away } = useHost();
  const [request] = view.requests;
  if (request === undefined || away) return null;
  return <Question key={request.request} request={request} others={view.requests.length - 1} />;
}

function Question({ request, others }: { readonly request: RequestView; readonly others: number }): ReactElement {
  const { t } = useTranslation();
  const answer = useCommand("request.answer");
  const remaining = useRemaining(request);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), BEFORE_ACCEPTING);
    return () => clearTimeout(timer);
  }, []);
  const say = (accept: boolean): void => void answer.run({ request: request.request, accept });
  const seconds = Math.ceil(remaining.left / 1_000);
  return (
    <Modal
      opened
      onClose={() => say(false)}
      closeOnClickOutside={false}
      withCloseButton={false}
      centered
      size={480}
      zIndex={250}
      title={t("request.title")}
      className="question"
      overlayProps={{ backgroundOpacity: 0.6, blur: 4 }}
    >
      <Stack gap="md">
        <Group wrap="nowrap" align="flex-start" gap="md">
          <ScopeIcon scope={request.scope} size={46} />
          <Stack gap={2} miw={0}>
            <ViewerName viewer={request.viewer} />
            <Text>{t(`scope.${request.scope}.wants`)}</Text>
          </Stack>
        </Group>
        <ViewerFacts viewer={request.viewer} />
        {request.passwordGiven ? (
          <Badge color="pine" variant="light" size="lg" tt="none" leftSection={<IconCheck size={14} />}>
            {t("request.passwordGiven")}
          </Badge>
        ) : (
          <Badge color="orange" variant="light" size="lg" tt="none" leftSection={<IconX size={14} />}>
            {t("request.noPassword")}
          </Badge>
        )}
        {request.encrypted ? null : (
          <Alert color="red" variant="light" p="sm" title={t("session.notEncrypted")}>
            {t("session.notEncryptedText")}
          </Alert>
        )}
        <Stack gap={6}>
          <Progress value={remaining.share * 100} size="sm" transitionDuration={250} aria-hidden />
          <Text fz="sm" c="dimmed" role="timer">
            {t("request.remaining", { count: seconds })}
          </Text>
        </Stack>
        <RefusalNote refused={answer.refused} />
        <Group grow gap="sm">
          <Button size="md" variant="default" data-autofocus loading={answer.busy} onClick={() => say(false)}>
            {t("request.deny")}
          </Button>
          <Button size="md" disabled={!ready || seconds === 0} loading={answer.busy} onClick={() => say(true)}>
            {t("request.accept")}
          </Button>
        </Group>
        {others === 0 ? null : (
          <Text fz="sm" c="dimmed" ta="center">
            {t("request.others", { count: others })}
          </Text>
        )}
      </Stack>
    </Modal>
  );
}
