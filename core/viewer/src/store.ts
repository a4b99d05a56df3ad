import type { ViewerState } from "./state.ts";

/** Holds the one state of a session and tells whoever watches; the state itself is never changed, only replaced. */
export class StateStore {
  #state: ViewerState;
  readonly #listeners = new Set<() => void>();

  constructor(state: ViewerState) {
    this.#state = state;
  }

  get state(): ViewerState {
    return this.#state;
  }

  set(change: Partial<ViewerState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
