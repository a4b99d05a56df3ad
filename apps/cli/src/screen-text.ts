import type { HostEvent } from "@pulpit/host";
import type { ShareView } from "./share.ts";

/** An ID the way people read it out: in groups of three. */
export function grouped(id: string): string {
  return /^\d+$/.test(id) ? id.replace(/(?<=\d)(?=(\d{3})+$)/g, " ") : id;
}

/** Tells the person at the terminal what they need, and what happens. `url`: of the web client, if there is one. */
export function terminalView(options: {
  readonly url: string | undefined;
  readonly write: (line: string) => void;
}): ShareView {
  const { url, write } = options;
  return {
    ready(id, password) {
      write("");
      if (url !== undefined) write(`  Open       ${url}`);
      write(`  ID         ${grouped(id)}`);
      if (password !== undefined) write(`  Password   ${password}`);
      write("");
    },
    readyAt(addresses, password) {
      write("");
      write(`  Address    ${addresses.join(", ") || "none: this computer is in no network"}`);
      if (password !== undefined) write(`  Password   ${password}`);
      write("");
    },
    happened(event) {
      const line = sentence(event);
      if (line !== undefined) write(line);
    },
    notConfigured() {
      write("Nobody can call yet: no ID server is named. Name one on the page of this computer, or with");
      write("  pulpit host set server HOST  and  pulpit host set server-key KEY");
      write("or let viewers come to the address of this computer:  pulpit host set direct-access yes");
    },
    panel(link) {
      write("The page of this computer, where you decide who comes in (holds for a minute; Enter gives another link):");
      write(`  ${link}`);
    },
  };
}

function sentence(event: HostEvent): string | undefined {
  switch (event.type) {
    case "viewerAsks":
      return `${plain(event.viewer.name) || "Somebody"} wants in. Answer in the notification or on the page of this computer.`;
    case "viewerJoined":
      return `${plain(event.viewer.name) || "Somebody"} is on this desktop now.`;
    case "viewerLeft":
      return `${plain(event.viewer.name) || "The viewer"} has left.`;
    case "unregistered":
      return unregistered(event.why);
    case "directFailed":
      return `Nobody can come to this computer's address: ${event.why}.`;
    case "idTaken":
      return `The ID ${grouped(event.id)} belongs to somebody else; taking another one.`;
    default:
      return undefined;
  }
}

function unregistered(why: string): string {
  if (why === "wrong-key") return "Whoever answers as the ID server has another key than it should; nobody can call.";
  if (why === "not-deployed") return "The ID server's administrator has not let this computer in yet; still trying.";
  return "The ID server does not answer; still trying.";
}

/** A viewer chooses its name: nothing in it may steer the terminal. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, "");
}
