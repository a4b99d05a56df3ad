import { AdminError, type Desk } from "@pulpit/admin";
import { type CommandHandlers, commandIn, HostRefusal } from "@pulpit/host-control";
import { refusalText } from "./refusal-text.ts";

/** Beside the commands of the page: what only the owner of the socket may ask. `forUser`: uid, 0 or more. */
export interface OwnersQuestions {
  /** A link to the page that holds once. */
  readonly "panel.link": (forUser: number | undefined) => string;
}

/** The commands of a host, for whoever has its Unix socket. */
export function hostDesk(handlers: CommandHandlers, owners: OwnersQuestions): Desk {
  return {
    take(value) {
      if (isPanelLink(value)) {
        const forUser = Number.isSafeInteger(value.forUser) ? (value.forUser as number) : undefined;
        return { name: "panel.link", answer: () => owners["panel.link"](forUser) };
      }
      const command = commandIn(value);
      if (command === undefined) return undefined;
      // The shape was checked against the table that gives the handler its type.
      const handler = handlers[command.name] as (ask: unknown) => unknown;
      return { name: command.name, answer: () => explained(() => handler(command.ask)) };
    },
  };
}

async function explained(answer: () => unknown): Promise<unknown> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof HostRefusal) throw new AdminError("refused", refusalText(error), { cause: error });
    throw error;
  }
}

function isPanelLink(value: unknown): value is { readonly forUser?: unknown } {
  return typeof value === "object" && value !== null && "question" in value && value.question === "panel.link";
}
