import { ThemeIcon } from "@mantine/core";
import type { Scope } from "@pulpit/protocol";
import { IconCamera, IconDeviceDesktop, IconFolder, IconRoute, IconTerminal2 } from "@tabler/icons-react";
import type { ReactElement } from "react";

const ICONS: Readonly<Record<Scope, typeof IconCamera>> = {
  desktop: IconDeviceDesktop,
  files: IconFolder,
  camera: IconCamera,
  terminal: IconTerminal2,
  tunnel: IconRoute,
};

export function ScopeIcon({ scope, size }: { readonly scope: Scope; readonly size: number }): ReactElement {
  const Icon = ICONS[scope];
  return (
    <ThemeIcon variant="light" size={size} radius="md" aria-hidden>
      <Icon size={size * 0.6} stroke={1.5} />
    </ThemeIcon>
  );
}
