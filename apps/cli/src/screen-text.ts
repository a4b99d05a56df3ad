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
      write(`  Password   ${password}`);
      write("");
    },
    happened(event) {
      const line = sentence(event);
      if (line !== undefined) write(line);
    },
  };
}

function sentence(event: HostEvent): string | undefined {
  switch (event.type) {
    case "viewerJoined":
      return `${plain(event.viewer.name) || "Somebody"} is on this desktop now.`;
    case "viewerLeft":
      return `${plain(event.viewer.name) || "The viewer"} has left. The next visit needs the new password above.`;
    case "unregistered":
      return "The ID server does not answer; still trying.";
    case "idTaken":
      return `The ID ${grouped(event.id)} belongs to somebody else; taking another one.`;
    default:
      return undefined;
  }
}

/** A viewer chooses its name: nothing in it may steer the terminal. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, "");
}
