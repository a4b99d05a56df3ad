import { LinkError } from "@pulpit/link";

/** Where a proxy is to connect to; a name is looked up there and nowhere else. */
export interface ProxiedAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Rejects what must not reach a proxy: line ends and blanks would become headers of ours, a zone means a network card
 * of this computer, and a name longer than 253 characters is none.
 */
export function checkProxiedAddress({ host, port }: ProxiedAddress): void {
  const isName = /^[A-Za-z0-9._-]{1,253}$/.test(host);
  const isIpv6 = /^[0-9A-Fa-f:.]{2,45}$/.test(host) && host.includes(":");
  if ((!isName && !isIpv6) || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new LinkError("not-found", "not an address that a proxy could connect to");
  }
}
