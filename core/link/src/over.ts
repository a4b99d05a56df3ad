import type { Link } from "./link.ts";

/** A link that is another one but for these members. From here on that one belongs to it. */
export function over(link: Link, changed: Partial<Omit<Link, "queuedBytes">>): Link {
  return {
    path: link.path,
    receive: () => link.receive(),
    get queuedBytes() {
      return link.queuedBytes;
    },
    send: (message) => link.send(message),
    limit: (bytes) => link.limit(bytes),
    detach: () => link.detach(),
    close: (reason) => link.close(reason),
    ...changed,
  };
}
