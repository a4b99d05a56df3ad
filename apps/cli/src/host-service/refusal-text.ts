import { type HostRefusal, type RefusalCode, SHORTEST_PASSWORD } from "@pulpit/host-control";

const TEXTS: Readonly<Record<RefusalCode, string>> = {
  gone: "It is not there any more",
  "unknown-setting": "There is no such setting; 'pulpit host set --help' lists them",
  "bad-value": "The value is not one of this setting",
  "weak-password": `The password is too easy to guess: at least ${SHORTEST_PASSWORD} characters, and nothing everybody tries first`,
  "bad-id": "An ID has 6 to 16 characters: a letter first, then letters, digits, _ and -",
  "id-taken": "Somebody else has this ID",
  "not-supported": "The ID server does not change IDs",
  "too-frequent": "The ID server wants a pause; try again in a few minutes",
  "no-server": "The ID server does not answer, or is not the right one",
  "wrong-code": "The code is not right; check the clocks of both devices",
  "not-begun": "There is no second factor to confirm; begin anew",
  "already-on": "It is on already",
  "not-available": "This computer can't do that",
  storage: "It could not be kept on disk",
};

/** A refusal in words, for the command line. */
export function refusalText({ code, detail }: HostRefusal): string {
  if (code === "bad-value" && detail !== undefined) return `It wants ${detail}`;
  return TEXTS[code];
}
