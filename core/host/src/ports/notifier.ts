/** What a notification says. Texts come translated; what a stranger wrote may be in them, and the port makes it harmless. */
export interface Notification {
  /** One line. */
  readonly title: string;
  /** May have several lines. */
  readonly body: string;
}

/** A notification with two buttons. */
export interface Question extends Notification {
  /** Label of the button that lets somebody in. */
  readonly accept: string;
  /** Label of the button that does not. */
  readonly deny: string;
  /** After this it is taken away unanswered, ms. */
  readonly timeout: number;
}

/**
 * - `accept`, `deny`: the person pressed that button.
 * - `shown`: it is on the screen, but this desktop has no buttons on notifications: the answer comes another way.
 * - `closed`: nobody answers here: dismissed, out of time, withdrawn, or never shown at all.
 */
export type NotificationAnswer = "accept" | "deny" | "shown" | "closed";

/** A question that is on the screen. */
export interface Asked {
  /** Never rejects. */
  readonly answer: Promise<NotificationAnswer>;
  /** Takes it off the screen, for instance because it was answered elsewhere. Does nothing the second time. */
  withdraw(): void;
}

/** Tells the person at this computer something, whatever window is in front. Never the only way to be told. */
export interface Notifier extends AsyncDisposable {
  ask(question: Question): Asked;
  tell(notification: Notification): void;
}
