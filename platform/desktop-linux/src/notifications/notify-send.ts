import type { Asked, Notification, NotificationAnswer, Notifier, Question } from "@pulpit/host";
import { bodyText, labelText, titleText } from "./harmless-text.ts";
import { type Ending, type SentNotification, send } from "./sent-notification.ts";

/**
 * Notifications at a time, and so processes of ours. More than a person can look at; who rings often must not fill
 * the screen.
 */
const MAX_NOTIFICATIONS = 4;
/** A notification that asks nothing is handed over within this, ms; D-Bus gives up after 25 s by itself. */
const TELL_WITHIN = 30_000;
/** The longest a question waits, ms. */
const MAX_TIMEOUT = 600_000;

/** Why nothing is shown. */
export type NotificationTrouble =
  | "no-program" // notify-send is not installed (Debian: libnotify-bin)
  | "no-service"; // no desktop shows notifications, or notify-send is older than 0.8 and knows no buttons

/** The part of the environment that says where the person's session bus is. */
export interface NotificationEnvironment {
  readonly PATH?: string | undefined;
  readonly HOME?: string | undefined;
  readonly DBUS_SESSION_BUS_ADDRESS?: string | undefined;
  readonly XDG_RUNTIME_DIR?: string | undefined;
}

export interface NotifierOptions {
  readonly env: NotificationEnvironment;
  /** Called once for each kind of trouble, as long as the notifier lives. Nothing else comes of it. */
  readonly onTrouble: (trouble: NotificationTrouble) => void;
}

/**
 * Notifications by way of the program notify-send (Desktop Notifications Specification 1.2). A process for each
 * question: nothing of D-Bus is parsed in here, and what breaks there ends there.
 */
export function openNotifySend(options: NotifierOptions): Notifier {
  return new NotifySend(options);
}

class NotifySend implements Notifier {
  readonly #options: NotifierOptions;
  readonly #shown = new Set<SentNotification>();
  readonly #said = new Set<NotificationTrouble>();
  #open = true;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  ask(question: Question): Asked {
    const timeout = Math.min(Math.max(Math.trunc(question.timeout), 1), MAX_TIMEOUT);
    const sent = this.#send(timeout, [
      // Stays until it is answered, in front of full screens too.
      "--urgency=critical",
      `--expire-time=${timeout}`,
      `--action=accept=${labelText(question.accept)}`,
      `--action=deny=${labelText(question.deny)}`,
      ...texts(question),
    ]);
    if (sent === undefined) return { answer: Promise.resolve("closed"), withdraw: () => undefined };
    return { answer: sent.ended.then(answerIn), withdraw: sent.takeAway };
  }

  tell(notification: Notification): void {
    this.#send(TELL_WITHIN, ["--urgency=normal", ...texts(notification)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    const shown = [...this.#shown];
    for (const sent of shown) sent.takeAway();
    await Promise.all(shown.map((sent) => sent.ended));
  }

  #send(within: number, args: readonly string[]): SentNotification | undefined {
    if (!this.#open || this.#shown.size >= MAX_NOTIFICATIONS) return undefined;
    const env = environmentFor(this.#options.env);
    const sent = send(["--app-name=Pulpit", "--print-id", ...args], { env, within });
    this.#shown.add(sent);
    void sent.ended.then((ending) => {
      this.#shown.delete(sent);
      this.#noteTrouble(ending);
    });
    return sent;
  }

  #noteTrouble(ending: Ending): void {
    const trouble = troubleIn(ending);
    if (trouble === undefined || this.#said.has(trouble)) return;
    this.#said.add(trouble);
    this.#options.onTrouble(trouble);
  }
}

/** Whatever is in them, they are no options: they come behind `--`. */
function texts({ title, body }: Notification): readonly string[] {
  return ["--", titleText(title), bodyText(body)];
}

function answerIn(ending: Ending): NotificationAnswer {
  if (ending.type !== "ended" || troubleIn(ending) !== undefined) return "closed";
  const [, button] = ending.output;
  if (button === "accept" || button === "deny") return button;
  // A desktop without buttons shows the notification and notify-send complains.
  return ending.code === 0 ? "closed" : "shown";
}

function troubleIn(ending: Ending): NotificationTrouble | undefined {
  if (ending.type === "no-program") return "no-program";
  // The number of the notification comes first; 0 or none of them: nobody took it.
  return ending.type === "ended" && !/^[1-9]\d*$/.test(ending.output[0] ?? "") ? "no-service" : undefined;
}

function environmentFor(env: NotificationEnvironment): Readonly<Record<string, string>> {
  const { PATH, HOME, DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } = env;
  const known = Object.entries({ PATH, HOME, DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR });
  const given = known.filter((entry): entry is [string, string] => entry[1] !== undefined);
  // UTF-8 whatever the service was started with. No DISPLAY: D-Bus would start a bus of its own that nobody sees.
  return { ...Object.fromEntries(given), LC_ALL: "C.UTF-8" };
}
