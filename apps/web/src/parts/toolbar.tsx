import { ActionIcon, Divider, Group, Menu, Paper, Tooltip } from "@mantine/core";
import type { RemoteDisplay } from "@pulpit/viewer";
import type { Fit } from "@pulpit/viewer-web";
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconChevronDown,
  IconChevronUp,
  IconDevicesPc,
  IconEye,
  IconEyeOff,
  IconKeyboard,
  IconMovie,
  IconPlugConnectedX,
  IconSquareKey,
  IconZoomReset,
  IconZoomScan,
} from "@tabler/icons-react";
import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

export interface ToolbarProps {
  readonly badge: ReactNode;
  readonly fit: Fit;
  readonly onFit: (fit: Fit) => void;
  readonly fullScreen: boolean;
  readonly onFullScreen: () => void;
  readonly viewOnly: boolean;
  readonly onViewOnly: (on: boolean) => void;
  readonly codecs: readonly string[];
  readonly codec: string;
  readonly onCodec: (codec: string) => void;
  readonly displays: readonly RemoteDisplay[];
  readonly display: number;
  readonly onDisplay: (index: number) => void;
  readonly mayControl: boolean;
  readonly onCtrlAltDel: () => void;
  readonly onKeyboard: () => void;
  readonly onDisconnect: () => void;
}

/** The tools over the remote desktop. They slide away and leave a handle. */
export function Toolbar(props: ToolbarProps): ReactElement {
  const { t } = useTranslation();
  const [hidden, setHidden] = useState(false);
  return (
    <Paper className="tools" data-hidden={hidden} role="toolbar" aria-label={t("session.toolbar")}>
      <Group gap={2} px={8} pt={4} justify="center" inert={hidden}>
        {props.badge}
        <Divider orientation="vertical" mx={4} visibleFrom="xs" />
        <Tool
          label={t(props.fit === "contain" ? "session.original" : "session.fit")}
          icon={props.fit === "contain" ? <IconZoomReset size={19} /> : <IconZoomScan size={19} />}
          onClick={() => props.onFit(props.fit === "contain" ? "original" : "contain")}
        />
        <Tool
          label={t(props.fullScreen ? "session.leaveFullScreen" : "session.fullScreen")}
          icon={props.fullScreen ? <IconArrowsMinimize size={19} /> : <IconArrowsMaximize size={19} />}
          onClick={props.onFullScreen}
        />
        <Tool
          label={t("session.ctrlAltDel")}
          icon={<IconSquareKey size={19} />}
          disabled={!props.mayControl}
          onClick={props.onCtrlAltDel}
        />
        <Tool
          label={t("session.keyboard")}
          icon={<IconKeyboard size={19} />}
          disabled={!props.mayControl}
          onClick={props.onKeyboard}
        />
        <Tool
          label={t("session.viewOnly")}
          icon={props.viewOnly ? <IconEye size={19} /> : <IconEyeOff size={19} />}
          pressed={props.viewOnly}
          onClick={() => props.onViewOnly(!props.viewOnly)}
        />
        <Choice
          label={t("session.codec")}
          icon={<IconMovie size={19} />}
          items={[
            ["auto", t("session.codecAuto")],
            ...props.codecs.map((codec) => [codec, codec.toUpperCase()] as const),
          ]}
          value={props.codec}
          onChoose={props.onCodec}
        />
        {props.displays.length > 1 ? (
          <Choice
            label={t("session.displays")}
            icon={<IconDevicesPc size={19} />}
            items={props.displays.map((_, i) => [String(i), t("session.display", { number: i + 1 })] as const)}
            value={String(props.display)}
            onChoose={(index) => props.onDisplay(Number(index))}
          />
        ) : null}
        <Tool
          label={t("session.disconnect")}
          icon={<IconPlugConnectedX size={19} />}
          color="red"
          onClick={props.onDisconnect}
        />
      </Group>
      <button
        type="button"
        className="handle"
        onClick={() => setHidden(!hidden)}
        aria-expanded={!hidden}
        aria-label={t(hidden ? "session.showTools" : "session.hideTools")}
        style={{ background: "none", border: 0, color: "inherit", cursor: "pointer" }}
      >
        {hidden ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
      </button>
    </Paper>
  );
}

function Tool({
  label,
  icon,
  onClick,
  pressed,
  disabled = false,
  color = "gray",
}: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly color?: string;
}): ReactElement {
  return (
    <Tooltip label={label} openDelay={400}>
      <ActionIcon
        variant={pressed === true ? "light" : "subtle"}
        color={pressed === true ? "pine" : color}
        size="lg"
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={onClick}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

function Choice({
  label,
  icon,
  items,
  value,
  onChoose,
}: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly items: readonly (readonly [string, string])[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
}): ReactElement {
  return (
    <Menu shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} title={label}>
          {icon}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{label}</Menu.Label>
        <Menu.RadioGroup value={value} onChange={onChoose}>
          {items.map(([key, text]) => (
            <Menu.RadioItem key={key} value={key}>
              {text}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
