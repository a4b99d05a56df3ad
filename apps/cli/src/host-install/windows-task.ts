import { win32 } from "node:path";
import { UsageError } from "../usage.ts";
import { type InstallWish, MARKER, type ServicePlace, type ServicePlanner } from "./service-plan.ts";
import { xmlText } from "./xml-text.ts";

const TASK = "Pulpit host";

/**
 * Windows: a scheduled task at logon. No service of sc.exe: those live in a session of their own that has no screen,
 * and the service manager ends a program that does not speak its protocol, as Node does not.
 */
export const windowsTask: ServicePlanner = {
  install(wish) {
    const path = taskPath(wish);
    return {
      // schtasks reads only UTF-16 reliably; the byte order mark is the first character.
      files: [{ path, content: `\ufeff${task(wish)}`, encoding: "utf16le" }],
      commands: [
        { argv: ["schtasks.exe", "/Create", "/F", "/TN", TASK, "/XML", path] },
        { argv: ["schtasks.exe", "/Run", "/TN", TASK] },
      ],
      managerAt: undefined,
      notes: ["Untested: nobody has run this on Windows yet.", "It runs from logon to logoff."],
    };
  },

  uninstall(place) {
    return {
      before: [
        { argv: ["schtasks.exe", "/End", "/TN", TASK], optional: true },
        { argv: ["schtasks.exe", "/Delete", "/F", "/TN", TASK] },
      ],
      files: [{ path: taskPath(place), encoding: "utf16le" }],
      links: [],
      after: [],
      managerAt: undefined,
    };
  },

  running: () => ({ argv: ["schtasks.exe", "/Query", "/TN", TASK] }),
};

function taskPath({ kind, home, env }: ServicePlace): string {
  if (kind === "system") throw new UsageError("--system is not for Windows: only a person's own session has a screen");
  const local = env.LOCALAPPDATA;
  const folder = local === undefined || local === "" ? win32.join(home, "AppData", "Local") : local;
  return win32.join(folder, "Pulpit", "pulpit-host-task.xml");
}

function task({ command, user }: InstallWish): string {
  const [program, ...args] = command;
  if (program === undefined) throw new UsageError("A service needs a program");
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Pulpit: shares this desktop. ${MARKER}</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <UserId>${xmlText(user)}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xmlText(user)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xmlText(program)}</Command>
      <Arguments>${xmlText(args.map(windowsWord).join(" "))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/** One argument as CommandLineToArgvW takes it apart: backslashes count only in front of a quotation mark. */
export function windowsWord(word: string): string {
  if (word !== "" && !/[\s"]/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}
