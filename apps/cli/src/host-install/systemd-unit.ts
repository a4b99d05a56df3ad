import { UsageError } from "../usage.ts";
import { type InstallWish, MARKER } from "./service-plan.ts";
import { commandLine, quoted } from "./systemd-words.ts";

/** What useradd(8) lets a name be. */
const USER = /^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/;

/** Variables that a unit takes over from whoever installs it, so that both look at the same files. */
const TAKEN_OVER = ["PULPIT_HOME", "XDG_DATA_HOME"] as const;

/** The unit file of a host, for either kind of service manager. */
export function systemdUnit(wish: InstallWish): string {
  const { kind, inSession, command, user } = wish;
  const [program] = command;
  if (program === undefined) throw new UsageError("A service needs a program");
  const words = inSession === undefined ? command : [program, inSession, ...command];
  const lines = [`# ${MARKER}`, ...UNIT, ...(kind === "system" ? ONLINE : []), "", "[Service]", ...RUNNING];
  lines.push(`ExecStart=${commandLine(words)}`);
  for (const name of TAKEN_OVER) {
    const value = wish.env[name];
    if (value !== undefined && value !== "") lines.push(`Environment=${quoted(`${name}=${value}`)}`);
  }
  // No hardening: it does on the desktop what the person could do there, sudo in a terminal included.
  if (kind === "user") return text([...lines, "", "[Install]", "WantedBy=default.target"]);
  if (!USER.test(user)) throw new UsageError("This is no name of a user on this system");
  // A name like "%u" can't get here, so nothing in it has to be quoted.
  return text([...lines, "", `User=${user}`, ...SYSTEM_HARDENING, "", "[Install]", "WantedBy=multi-user.target"]);
}

const UNIT = [
  "[Unit]",
  "Description=Pulpit: shares this desktop",
  // It goes on trying: a desktop may come back after any number of ends.
  "StartLimitIntervalSec=0",
];

const ONLINE = ["Wants=network-online.target", "After=network-online.target systemd-user-sessions.service"];

const RUNNING = [
  "Type=exec",
  "Restart=always",
  "RestartSec=5",
  "# A command line that makes no sense makes none the second time.",
  "RestartPreventExitStatus=2",
  "TimeoutStopSec=15",
  "KillMode=mixed",
];

const SYSTEM_HARDENING = [
  "UMask=0077",
  "",
  "# Whoever gets in can do what this user can, and never more: there is no way to become root through this service,",
  "# so sudo does not work in a shared terminal or on a virtual desktop.",
  "CapabilityBoundingSet=",
  "AmbientCapabilities=",
  "NoNewPrivileges=yes",
  "ProtectClock=yes",
  "ProtectControlGroups=yes",
  "ProtectHostname=yes",
  "ProtectKernelLogs=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelTunables=yes",
  "# Processes of this user stay visible: one of them says where the desktop is.",
  "ProtectProc=invisible",
  "# Files are exchanged with whatever this user may write, so no more than the system itself is read-only.",
  "ProtectSystem=full",
  "# Graphics, sound, cameras and terminals; no disks, no memory, no other hardware.",
  "DevicePolicy=closed",
  "DeviceAllow=char-drm rw",
  "DeviceAllow=char-alsa rw",
  "DeviceAllow=char-video4linux rw",
  "DeviceAllow=char-pts rw",
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
  "RestrictNamespaces=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "LockPersonality=yes",
  "# V8 compiles to memory that it writes and runs, and so does what calls the system for pictures.",
  "MemoryDenyWriteExecute=no",
  "# No PrivateTmp, PrivateDevices, ProtectHome or RemoveIPC: the X server's socket is in /tmp, its pictures come",
  "# through shared memory, encoders are devices, and files to exchange are at home.",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service",
  "SystemCallFilter=~@privileged @resources",
  "# Programs in a shared terminal set the group of files.",
  "SystemCallFilter=@chown",
  "# Node asks for its scheduling and raises its own limit of descriptors; a refusal is an answer, not a crash.",
  "SystemCallErrorNumber=EPERM",
  "OOMPolicy=continue",
];

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
