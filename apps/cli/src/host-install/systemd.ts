import { dirname, join } from "node:path";
import type { PlannedCommand, ServiceKind, ServicePlace, ServicePlanner } from "./service-plan.ts";
import { systemdUnit } from "./systemd-unit.ts";

export const UNIT_NAME = "pulpit-host.service";

/** There only while systemd is the one that runs services (sd_booted(3)). */
const SYSTEMD_AT = "/run/systemd/system";

/** Linux: a unit of the person's own service manager, or one of the system's. */
export const systemd: ServicePlanner = {
  install(wish) {
    const { kind } = wish;
    return {
      files: [{ path: unitPath(wish), content: systemdUnit(wish), encoding: "utf8" }],
      commands: [
        systemctl(kind, "daemon-reload"),
        systemctl(kind, "enable", UNIT_NAME),
        // Who is connected stays so while there is nothing new to take up.
        { ...systemctl(kind, "restart", UNIT_NAME), when: "changed" },
        { ...systemctl(kind, "start", UNIT_NAME), when: "unchanged" },
      ],
      managerAt: SYSTEMD_AT,
      notes: kind === "user" ? USER_NOTES : systemNotes(wish.user),
    };
  },

  uninstall(place) {
    const { kind } = place;
    const path = unitPath(place);
    const target = kind === "user" ? "default.target" : "multi-user.target";
    return {
      before: [systemctl(kind, "disable", "--now", UNIT_NAME)],
      files: [{ path, encoding: "utf8" }],
      links: [{ path: join(dirname(path), `${target}.wants`, UNIT_NAME), to: path }],
      after: [systemctl(kind, "daemon-reload"), { ...systemctl(kind, "reset-failed", UNIT_NAME), optional: true }],
      managerAt: SYSTEMD_AT,
    };
  },

  running: ({ kind }) => systemctl(kind, "is-active", "--quiet", UNIT_NAME),
};

const USER_NOTES = [
  "It runs from login to logout. To have it run from boot, and stay when you log out: loginctl enable-linger",
  `Look at it: systemctl --user status ${UNIT_NAME}; its log: journalctl --user -u ${UNIT_NAME}`,
];

function systemNotes(user: string): readonly string[] {
  return [
    `It runs from boot as ${user} and shares the desktop that ${user} logs in to; the login screen itself is not shared.`,
    `Look at it: systemctl status ${UNIT_NAME}; its log: journalctl -u ${UNIT_NAME}`,
  ];
}

function unitPath({ kind, home, env }: ServicePlace): string {
  if (kind === "system") return join("/etc/systemd/system", UNIT_NAME);
  const config = env.XDG_CONFIG_HOME;
  // Relative ones are to be ignored (XDG Base Directory Specification).
  return join(config?.startsWith("/") === true ? config : join(home, ".config"), "systemd", "user", UNIT_NAME);
}

function systemctl(kind: ServiceKind, ...args: readonly string[]): PlannedCommand {
  return { argv: ["systemctl", ...(kind === "user" ? ["--user"] : []), ...args] };
}
