import { nodeCrypto, nodeRandom } from "@pulpit/crypto-node";
import { AddressHost, type Desktop, Host } from "@pulpit/host";
import type { ServiceView, Trouble } from "@pulpit/host-control";
import { renewHostId } from "@pulpit/profile-node";
import { directAccess, hostOptions, hostSelf, hostWorld } from "./host-parts.ts";
import type { House } from "./house.ts";
import { ownAddresses } from "./own-addresses.ts";

const TROUBLES: Readonly<Record<string, Trouble>> = {
  "no-answer": "no-server",
  "wrong-key": "wrong-key",
  "not-deployed": "not-approved",
};

type State = Pick<ServiceView, "state" | "trouble" | "detail">;
/** What became of the port of its own. */
type DirectPort = { readonly port: number } | { readonly failed: string };

/** What commands need of it. */
export interface SharingControl {
  readonly view: ServiceView;
  apply(): Promise<void>;
}

/** Keeps the computer shared for as long as the owner wants it to be, with whatever server and ID are set. */
export class Sharing implements SharingControl {
  readonly #house: House;
  readonly #desktop: Desktop;
  readonly #forget: () => void;
  #host: Pick<Host, "stop"> | undefined;
  #running: Promise<void> = Promise.resolve();
  #state: State = { state: "stopped" };
  /** Undefined without one. */
  #direct: DirectPort | undefined;
  /** Changes come one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(house: House, desktop: Desktop) {
    this.#house = house;
    this.#desktop = desktop;
    this.#forget = house.onEvent((event) => {
      if (event.type === "registered") this.#show({ state: "ready" });
      if (event.type === "unregistered") this.#trouble(event.why);
      if (event.type === "directOpened") this.#atAddress({ port: event.port });
      if (event.type === "directFailed") this.#atAddress({ failed: event.why });
      if (event.type === "idTaken") void this.#anotherId();
    });
  }

  get view(): ServiceView {
    const { settings } = this.#house;
    const found = this.#direct;
    // Looked up each time: networks come and go.
    const networks = settings.config["direct-networks"];
    const direct =
      found !== undefined && "port" in found ? { ...found, addresses: ownAddresses(found.port, networks) } : found;
    return { ...this.#state, ...(direct === undefined ? {} : { direct }), server: settings.text("server") };
  }

  /** Starts, stops or starts anew, after the settings. Resolves when it is so. */
  apply(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#apply());
    return this.#turn;
  }

  async #apply(): Promise<void> {
    await this.#host?.stop();
    await this.#running;
    this.#host = undefined;
    this.#direct = undefined;
    const { settings, identity, reception } = this.#house;
    const options = hostOptions(this.#house);
    if (!settings.config.sharing) return this.#show({ state: "stopped" });
    if (options === undefined) {
      const direct = directAccess(settings.config);
      if (direct === undefined) return this.#show({ state: "trouble", trouble: "not-configured" });
      this.#show({ state: "address-only" });
      const world = hostWorld(this.#house);
      const shared = { world, options: hostSelf(identity), desktop: this.#desktop, reception };
      const host = new AddressHost(shared, direct, world.listenDirect);
      this.#host = host;
      this.#running = host.run();
      return;
    }
    this.#show({ state: "connecting" });
    const host = new Host(options, this.#desktop, reception, hostWorld(this.#house));
    this.#host = host;
    this.#running = host.run().catch((error: unknown) => {
      this.#show({ state: "trouble", trouble: "no-server", detail: error instanceof Error ? error.message : "" });
    });
  }

  async close(): Promise<void> {
    this.#forget();
    await this.#turn;
    await this.#host?.stop();
    await this.#running;
  }

  #trouble(why: string): void {
    const trouble = TROUBLES[why] ?? "refused";
    this.#show({ state: "trouble", trouble, ...(trouble === "refused" ? { detail: why } : {}) });
  }

  /** The ID belongs to somebody else at this server: it is given up for a new one. */
  async #anotherId(): Promise<void> {
    const from = this.#house.identity.id;
    try {
      this.#house.identity = renewHostId(this.#house.profile, nodeCrypto(), nodeRandom());
    } catch (error) {
      // Another one that could not be kept would be another one at each start.
      return this.#show({ state: "trouble", trouble: "id-taken", detail: error instanceof Error ? error.message : "" });
    }
    this.#house.journal.append({ type: "id", from, to: this.#house.identity.id });
    await this.apply();
  }

  #atAddress(direct: DirectPort): void {
    this.#direct = direct;
    this.#house.changed();
  }

  #show(state: State): void {
    this.#state = state;
    this.#house.changed();
  }
}
