import { GatewayError } from "./errors.ts";

/** Whose pages may open WebSockets: our own, and those of other sites that the owner named. */
export class Origins {
  readonly #extra: ReadonlySet<string>;

  /** Throws GatewayError for what is no origin. */
  constructor(extra: readonly string[]) {
    this.#extra = new Set(extra.map(originOf));
  }

  /** A browser says which page opened the socket. Other programs send no Origin and are let in. `host`: as asked. */
  allows(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    if (page.protocol !== "https:" && page.protocol !== "http:") return false;
    if (this.#extra.has(page.origin)) return true;
    // Proxies may name the port that goes without saying.
    const own = `${page.protocol}//${host}`;
    return host !== undefined && URL.canParse(own) && new URL(own).host === page.host;
  }
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search + url.hash !== "")
    throw new GatewayError("bad-setting", `"${text}" is not an origin such as https://desk.example.com`);
  return url.origin;
}
