import { join } from "node:path";
import { UsageError } from "../usage.ts";
import { type InstallWish, MARKER, type ServicePlace, type ServicePlanner } from "./service-plan.ts";
import { xmlText } from "./xml-text.ts";

const LABEL = "pulpit.host";

/**
 * macOS: an agent of the person's own session. There is no kind for the whole system, since a daemon from before login
 * can't see a screen.
 */
export const launchd: ServicePlanner = {
  install(wish) {
    const path = agentPath(wish);
    return {
      files: [{ path, content: agent(wish), encoding: "utf8" }],
      commands: [
        // A changed agent is taken up only after the old one is gone.
        { argv: ["launchctl", "bootout", target(wish.uid)], optional: true, when: "changed" },
        { argv: ["launchctl", "bootstrap", `gui/${wish.uid}`, path], when: "changed" },
        { argv: ["launchctl", "kickstart", target(wish.uid)], when: "unchanged" },
      ],
      managerAt: undefined,
      notes: ["Untested: nobody has run this on macOS yet."],
    };
  },

  uninstall(place) {
    return {
      before: [{ argv: ["launchctl", "bootout", target(place.uid)], optional: true }],
      files: [{ path: agentPath(place), encoding: "utf8" }],
      links: [],
      after: [],
      managerAt: undefined,
    };
  },

  running: ({ uid }) => ({ argv: ["launchctl", "print", target(uid)] }),
};

function agentPath({ kind, home }: ServicePlace): string {
  if (kind === "system") throw new UsageError("--system is not for macOS: only a person's own session has a screen");
  return join(home, "Library", "LaunchAgents", `${LABEL}.plist`);
}

const target = (uid: number): string => `gui/${uid}/${LABEL}`;

function agent({ command, env }: InstallWish): string {
  const home = env.PULPIT_HOME;
  const variables =
    home === undefined || home === ""
      ? ""
      : `  <key>EnvironmentVariables</key>
  <dict>
    <key>PULPIT_HOME</key>
    <string>${xmlText(home)}</string>
  </dict>
`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${MARKER} -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${command.map((word) => `    <string>${xmlText(word)}</string>`).join("\n")}
  </array>
${variables}  <key>LimitLoadToSessionType</key>
  <string>Aqua</string>
  <key>ProcessType</key>
  <string>Interactive</string>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>Umask</key>
  <integer>63</integer>
</dict>
</plist>
`;
}
