import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { useView } from "../state/host-context.ts";
import { useCommand } from "../state/use-command.ts";
import { Enrolment } from "./enrolment.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { SwitchSetting } from "./switch-setting.tsx";

/** A code from an authenticator besides the password: set up, turned off, new recovery codes. */
export function SecondFactor(): ReactElement {
  const { t } = useTranslation();
  const { secondFactor } = useView();
  const begin = useCommand("second-factor.begin");
  const [offer, setOffer] = useState<{ readonly uri: string; readonly secret: string }>();
  const [codes, setCodes] = useState<readonly string[]>();

  if (codes !== undefined) return <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />;
  if (offer !== undefined) {
    const confirmed = (recovery: readonly string[]): void => {
      setOffer(undefined);
      setCodes(recovery);
    };
    return <Enrolment offer={offer} onConfirmed={confirmed} onCancel={() => setOffer(undefined)} />;
  }
  if (secondFactor.on) return <On left={secondFactor.recoveryCodes} onCodes={setCodes} />;
  return (
    <Stack gap="sm" align="flex-start">
      <Text>{t("secondFactor.isOff")}</Text>
      <RefusalNote refused={begin.refused} />
      <Button loading={begin.busy} onClick={() => void begin.run({}).then(setOffer)}>
        {t("secondFactor.setUp")}
      </Button>
    </Stack>
  );
}

function On({
  left,
  onCodes,
}: {
  readonly left: number;
  readonly onCodes: (codes: readonly string[]) => void;
}): ReactElement {
  const { t } = useTranslation();
  const off = useCommand("second-factor.off");
  const renew = useCommand("second-factor.recovery");
  const renewed = async (): Promise<boolean> => {
    const answer = await renew.run({});
    if (answer !== undefined) onCodes(answer.recoveryCodes);
    return answer !== undefined;
  };
  return (
    <Stack gap="md">
      <Group gap="sm">
        <Badge color="pine" variant="light" size="lg" tt="none" leftSection={<IconShieldCheck size={15} />}>
          {t("secondFactor.isOn")}
        </Badge>
        <Text fz="sm" c={left < 3 ? "orange" : "dimmed"}>
          {t("secondFactor.codesLeft", { count: left })}
        </Text>
      </Group>
      <SwitchSetting name="accept-needs-code" />
      <Group gap="sm">
        <ConfirmButton
          variant="default"
          title={t("secondFactor.renewTitle")}
          text={t("secondFactor.renewText")}
          busy={renew.busy}
          refused={renew.refused}
          onConfirm={renewed}
        >
          {t("secondFactor.renew")}
        </ConfirmButton>
        <ConfirmButton
          variant="subtle"
          color="red"
          title={t("secondFactor.offTitle")}
          text={t("secondFactor.offText")}
          busy={off.busy}
          refused={off.refused}
          onConfirm={async () => (await off.run({})) !== undefined}
        >
          {t("secondFactor.off")}
        </ConfirmButton>
      </Group>
    </Stack>
  );
}
