import type { Asked, HostEvent, Notifier, ViewerFacts } from "@pulpit/host";
import { type Language, languageOf, say } from "../words.ts";
import type { House } from "./house.ts";

/** The host's page is opened for a question at most this often, ms: strangers must not fill a screen with windows. */
const OPEN_EVERY = 60_000;

export interface NoticeOptions {
  readonly notifier: Notifier | undefined;
  /** Locale of the system. */
  readonly locale: string;
  /** Brings the host's page up, for a question that no notification could be shown for; undefined: there is no screen. */
  readonly openPage: (() => void) | undefined;
}

/** Tells the person at the desktop what happens, and asks them, whatever window is in front. */
export function startNotices(house: House, options: NoticeOptions): Disposable {
  const { reception, settings } = house;
  const { notifier } = options;
  const asked = new Map<string, Asked>();
  let openedAt = Number.NEGATIVE_INFINITY;
  const language = (): Language => settings.config.language ?? languageOf(options.locale);
  const values = (viewer: ViewerFacts): Record<string, string> => ({
    name: viewer.name || say(language(), "somebody"),
    id: viewer.id || say(language(), "unknown"),
    address: viewer.address || say(language(), "unknown"),
  });

  function openPage(): void {
    if (options.openPage === undefined || performance.now() - openedAt < OPEN_EVERY) return;
    openedAt = performance.now();
    options.openPage();
  }

  function sync(): void {
    const open = new Map(reception.consent.open.map((question) => [question.key, question]));
    for (const [key, notice] of asked) {
      if (open.has(key)) continue;
      asked.delete(key);
      notice.withdraw();
    }
    for (const [key, { viewer, scope, encrypted }] of open) {
      if (asked.has(key)) continue;
      const notice = ask(viewer, scope === "desktop" ? "ask.title" : `ask.title.${scope}`, encrypted);
      asked.set(key, notice);
      void notice.answer.then((answer) => {
        if (answer === "accept" || answer === "deny") reception.consent.answer(key, answer === "accept");
        else if (answer === "closed" && asked.has(key)) openPage();
      });
    }
  }

  function ask(viewer: ViewerFacts, title: string, encrypted: boolean): Asked {
    if (notifier === undefined || !settings.config.notifications) return UNASKED;
    return notifier.ask({
      title: say(language(), title, values(viewer)),
      body: say(language(), encrypted ? "ask.body" : "ask.body.unencrypted", values(viewer)),
      accept: say(language(), "ask.accept"),
      deny: say(language(), "ask.deny"),
      timeout: reception.policy().acceptWithin,
    });
  }

  function tell(event: HostEvent): void {
    if (notifier === undefined || !settings.config.notifications) return;
    if (event.type !== "viewerJoined" && event.type !== "viewerLeft") return;
    const here = values(event.viewer);
    if (event.type === "viewerJoined") {
      const body = say(language(), "joined.body", here);
      notifier.tell({ title: say(language(), "joined.title", here), body });
    } else {
      const rest = reception.sessions.length > 0 ? "left.others" : "left.body";
      notifier.tell({ title: say(language(), "left.title", here), body: say(language(), rest) });
    }
  }

  const stops = [house.onChanged(sync), house.onEvent(tell)];
  return {
    [Symbol.dispose]() {
      for (const stop of stops) stop();
      for (const notice of asked.values()) notice.withdraw();
    },
  };
}

/** Nobody shows it. */
const UNASKED: Asked = { answer: Promise.resolve("closed"), withdraw: () => undefined };
