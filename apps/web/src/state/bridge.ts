import { BRIDGE_PATHS, BridgeClose, type BridgeGreeting, bridgeGreetingIn } from "@pulpit/viewer";
import { bridgeAddress } from "@pulpit/viewer-web/bridge";

/** What this page is to the program that serves it. */
export type BridgeState =
  | { readonly name: "opening" }
  | { readonly name: "in"; readonly greeting: BridgeGreeting }
  | { readonly name: "shut"; readonly why: "not-let-in" | "too-many" | "over" };

const KEY = "pulpit.bridge-key";

/** The page's line to its program: as long as it is open, the program stays. */
export class Bridge {
  readonly #listeners = new Set<() => void>();
  #state: BridgeState = { name: "opening" };

  /** `token`: of the link that the page was opened with; without it the key of an earlier one has to do. */
  constructor(token: string | undefined) {
    const key = sessionStorage.getItem(KEY);
    // Where the link is opened again in its own tab the token is spent; the key that it was given for still holds.
    this.#open([...(token === undefined ? [] : [{ token }]), ...(key === null ? [] : [{ key }])]);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): BridgeState => this.#state;

  /** Tries one after the other. */
  #open([opening, ...others]: readonly unknown[]): void {
    if (opening === undefined) {
      this.#show({ name: "shut", why: "not-let-in" });
      return;
    }
    const socket = new WebSocket(bridgeAddress(BRIDGE_PATHS.page));
    socket.addEventListener("open", () => socket.send(JSON.stringify(opening)));
    socket.addEventListener("message", ({ data }) => {
      const greeting = bridgeGreetingIn(String(data));
      if (greeting === undefined) return;
      sessionStorage.setItem(KEY, greeting.key);
      this.#show({ name: "in", greeting });
    });
    socket.addEventListener("close", ({ code }) => {
      if (code === BridgeClose.notLetIn && others.length > 0) return this.#open(others);
      const why = code === BridgeClose.notLetIn ? "not-let-in" : code === BridgeClose.tooMany ? "too-many" : "over";
      this.#show({ name: "shut", why });
    });
  }

  #show(state: BridgeState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
