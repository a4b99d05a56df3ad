import type { HistoryEntry, HistoryEvent } from "@pulpit/host-control";
import { groupHostId } from "@pulpit/page-kit/host-id";
import type { TFunction } from "i18next";
import { inSentence } from "./hostile-text.ts";

/** How the viewers of sessions call themselves, as far as these entries tell. */
export function sessionNames(entries: readonly HistoryEntry[]): ReadonlyMap<string, string> {
  const joinedOrLeft = entries.flatMap(({ event }) =>
    event.type === "joined" || event.type === "left" ? [event] : [],
  );
  return new Map(joinedOrLeft.map(({ session, viewer }) => [session, viewer.name || viewer.id]));
}

/** One entry of the history as a sentence. `names`: of sessionNames. */
export function historySentence(event: HistoryEvent, names: ReadonlyMap<string, string>, t: TFunction): string {
  const say = (key: string, values: Record<string, unknown> = {}): string => t(`event.${key}`, values);
  switch (event.type) {
    case "started":
      return say("started", { version: inSentence(event.version) });
    case "stopped":
      return say("stopped");
    case "asked":
      return say("asked", { ...named(event.viewer, t), what: t(`scope.${event.scope}.name`) });
    case "answered":
      return say(`answered.${event.answer}`, named(event.viewer, t));
    case "joined":
      return say("joined", { ...named(event.viewer, t), what: t(`scope.${event.scope}.name`) });
    case "used":
      return say("used", { ...visitor(event.session, names, t), permission: t(`permission.${event.permission}.name`) });
    case "permitted":
      return say(event.granted ? "permitted.granted" : "permitted.taken", {
        ...visitor(event.session, names, t),
        permission: t(`permission.${event.permission}.name`),
      });
    case "left":
      return say("left", { ...named(event.viewer, t), why: reason(event.why, t) });
    case "refused":
      return say("refused", {
        address: inSentence(event.address) || t("viewer.unknown"),
        why: reason(event.why, t),
        count: event.times,
      });
    case "setting":
      return event.value === ""
        ? say("setting.emptied", { name: settingName(event.name, t) })
        : say("setting.set", { name: settingName(event.name, t), value: settingValue(event.value, t) });
    case "password":
      return say(`password.${event.change}`);
    case "second-factor":
      return say(`second-factor.${event.change}`);
    case "trusted":
      return say(`trusted.${event.change}`, named(event.viewer, t));
    case "id":
      return say("id", { from: inSentence(groupHostId(event.from)), to: inSentence(groupHostId(event.to)) });
  }
}

/** What stands small below the sentence; empty when there is nothing more to say. */
export function historyDetail(event: HistoryEvent, t: TFunction): string {
  switch (event.type) {
    case "asked":
    case "answered":
      return origin(event.viewer);
    case "joined":
      return [
        origin(event.viewer),
        t(`way.${event.way}`),
        event.secondFactor === "none" ? "" : t(`secondFactorUsed.${event.secondFactor}`),
        t(`session.route.${event.route}`),
        t(event.encrypted ? "session.encrypted" : "session.notEncrypted"),
      ]
        .filter(Boolean)
        .join(" · ");
    case "left":
      return origin(event.viewer);
    default:
      return "";
  }
}

function named(viewer: { readonly id: string; readonly name: string }, t: TFunction): { readonly name: string } {
  return { name: viewer.name === "" && viewer.id === "" ? t("viewer.nameless") : inSentence(viewer.name || viewer.id) };
}

function visitor(session: string, names: ReadonlyMap<string, string>, t: TFunction): { readonly name: string } {
  const name = names.get(session);
  return { name: name === undefined || name === "" ? t("viewer.visitor") : inSentence(name) };
}

function origin(viewer: { readonly id: string; readonly address: string }): string {
  return [groupHostId(viewer.id), viewer.address]
    .filter((part) => part !== "")
    .map(inSentence)
    .join(" · ");
}

function reason(why: string, t: TFunction): string {
  return worded(`reason.${why}`, why, t) ?? quoted(why, t);
}

function settingName(name: string, t: TFunction): string {
  return worded(`setting.${name}.label`, name, t) ?? inSentence(name);
}

function settingValue(value: string, t: TFunction): string {
  if (/^\d{1,6}$/.test(value)) return value;
  return worded(`event.value.${value}`, value, t) ?? quoted(value, t);
}

/** Undefined for what has no words (yet), or is no name that could have some. */
function worded(key: string, name: string, t: TFunction): string | undefined {
  const words = /^[a-z][a-z0-9-]*$/.test(name) ? t(key, { defaultValue: "" }) : "";
  return words === "" ? undefined : words;
}

function quoted(text: string, t: TFunction): string {
  return t("event.quoted", { text: inSentence(text) });
}
