import type { Link } from "@pulpit/link";
import { type Codec, fingerprint } from "@pulpit/protocol";
import type { PeerMessageInit } from "@pulpit/wire";
import { parseCode } from "./code.ts";
import { DeviceTrust } from "./device-trust.ts";
import { endOf } from "./end.ts";
import { Keyboard } from "./input/keyboard.ts";
import { Pointer } from "./input/pointer.ts";
import { viewOnlyOption } from "./login.ts";
import { LoginMemory } from "./login-memory.ts";
import { checkPin } from "./pin.ts";
import { reachById } from "./reach.ts";
import { Conversation } from "./session.ts";
import type { End, WayName } from "./state.ts";
import { StateStore } from "./store.ts";
import type { KeyInput, PointerButton, ViewerIdentity, ViewerSession, ViewerTarget, ViewerWorld } from "./viewer.ts";

/** A session is taken up again so often; a path that breaks all the time is no path. */
const MAX_RETURNS = 5;

export interface ViewOptions {
  /** Known beforehand, so that nobody has to be asked. */
  readonly password?: string;
  /** Fingerprint of a new key that the person has compared and accepts in place of the pinned one. */
  readonly trustFingerprint?: string;
}

/** Starts a session with a host; it runs until it ends by itself or `close` is called. */
export function view(
  target: ViewerTarget,
  identity: ViewerIdentity,
  world: ViewerWorld,
  options: ViewOptions = {},
): ViewerSession {
  const session = new Session(target, identity, world, options);
  session.start();
  return session;
}

class Session implements ViewerSession {
  readonly #target: ViewerTarget;
  readonly #identity: ViewerIdentity;
  readonly #world: ViewerWorld;
  readonly #options: ViewOptions;
  readonly #store: StateStore;
  readonly #abort = new AbortController();
  readonly #keyboard: Keyboard;
  readonly #pointer: Pointer;
  readonly #memory = new LoginMemory();
  readonly #sessionId: bigint;
  /** Name of the way the session runs on. */
  #way = "";
  #conversation: Conversation | undefined;

  constructor(target: ViewerTarget, identity: ViewerIdentity, world: ViewerWorld, options: ViewOptions) {
    this.#target = target;
    this.#identity = identity;
    this.#world = world;
    this.#options = options;
    this.#sessionId = freshSessionId(world);
    this.#keyboard = new Keyboard(() => this.state.peer?.platform ?? "");
    this.#pointer = new Pointer(
      () => this.state.peer?.displays ?? [],
      world.clock,
      (message) => this.#send([message]),
    );
    this.#store = new StateStore({
      phase: { name: "connecting", step: "finding", trying: [] },
      hostId: target.hostId,
      display: 0,
      permissions: new Set([
        "keyboard",
        "clipboard",
        "audio",
        "file",
        "restart",
        "recording",
        "block-input",
        "privacy-mode",
      ]),
      viewOnly: false,
      preferredCodec: "auto",
    });
  }

  get state(): ViewerSession["state"] {
    return this.#store.state;
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  start(): void {
    void this.#run().then((end) => {
      this.#world.video.close();
      this.#store.set({ phase: { name: "ended", end } });
    });
  }

  login(password: string): void {
    const { name } = this.state.phase;
    // An empty one would only tell the host once more that somebody is here.
    if (password === "" || (name !== "password" && name !== "waiting-for-acceptance")) return;
    this.#step("login");
    this.#conversation?.login(password);
  }

  enterCode(code: string, trust: boolean): void {
    const { phase } = this.state;
    const parsed = parseCode(code);
    if (phase.name !== "second-factor" || parsed === undefined) return;
    this.#step("code");
    this.#conversation?.enterCode(parsed, trust && phase.mayTrust);
  }

  movePointer(x: number, y: number): void {
    if (this.#mayAct()) this.#pointer.move(x, y);
  }

  button(button: PointerButton, down: boolean): void {
    if (this.#mayAct()) this.#pointer.button(button, down, this.#keyboard.modifiers);
  }

  wheel(x: number, y: number): void {
    if (this.#mayAct()) this.#pointer.wheel(x, y);
  }

  keyDown(key: KeyInput): void {
    if (this.#mayAct()) this.#send(this.#keyboard.down(key));
  }

  keyUp(key: KeyInput): void {
    if (this.#mayAct()) this.#send(this.#keyboard.up(key));
  }

  typeText(text: string): void {
    if (this.#mayAct()) this.#send(this.#keyboard.type(text));
  }

  releaseAll(): void {
    this.#pointer.releaseAll();
    this.#send(this.#keyboard.releaseAll());
  }

  sendCtrlAltDel(): void {
    if (this.#mayAct()) this.#send(this.#keyboard.ctrlAltDel());
  }

  setViewOnly(on: boolean): void {
    if (on) this.releaseAll();
    this.#store.set({ viewOnly: on });
    this.#conversation?.setOption(viewOnlyOption(on));
  }

  setPreferredCodec(codec: Codec | "auto"): void {
    this.#store.set({ preferredCodec: codec });
    this.#conversation?.announceCodecs();
  }

  showDisplay(index: number): void {
    if (this.state.peer?.displays[index] === undefined) return;
    this.#store.set({ display: index });
    const switchDisplay: PeerMessageInit = {
      case: "misc",
      value: { union: { case: "switchDisplay", value: { display: index } } },
    };
    const capture: PeerMessageInit = {
      case: "misc",
      value: { union: { case: "captureDisplays", value: { set: [index] } } },
    };
    this.#send([switchDisplay, capture]);
    this.refresh();
  }

  refresh(): void {
    this.#conversation?.refresh(this.state.display);
  }

  close(): void {
    if (this.#conversation === undefined) this.#abort.abort();
    else {
      this.releaseAll();
      this.#conversation.leave();
    }
  }

  #mayAct(): boolean {
    return this.state.phase.name === "connected" && !this.state.viewOnly && this.state.permissions.has("keyboard");
  }

  #send(messages: readonly PeerMessageInit[]): void {
    for (const message of messages) this.#conversation?.compose(message);
  }

  /** Visits the host, and comes back by another way when a path breaks; the host takes it for the same visit. */
  async #run(): Promise<End> {
    const avoid = new Set<string>();
    let broken: End | undefined;
    for (let visits = 0; visits <= MAX_RETURNS; visits++) {
      const end = await this.#visit(avoid);
      const wasIn = this.state.phase.name === "connected";
      // A way back that led nowhere: what broke the visit is the news.
      if (!wasIn) return broken !== undefined && end.code !== "closed" ? broken : end;
      if ((end.code !== "lost" && end.code !== "timed-out") || !this.#memory.isKnown) return end;
      broken = end;
      this.releaseAll();
      this.#conversation = undefined;
      if (this.#way === "relay") avoid.clear();
      else avoid.add(this.#way);
      this.#store.set({ phase: { name: "connecting", step: "finding", trying: [] } });
    }
    return broken ?? { code: "lost" };
  }

  async #visit(avoid: ReadonlySet<string>): Promise<End> {
    const { signal } = this.#abort;
    let stage: Parameters<typeof endOf>[1] = "server";
    let opened: Link | undefined;
    try {
      const decodable = await this.#world.video.codecs();
      const { knownHosts } = this.#world;
      let trying: readonly WayName[] = [];
      const steps = {
        checkKey: (key: Uint8Array) => checkPin(knownHosts, this.#target, key, this.#options.trustFingerprint),
        found: (ways: readonly WayName[]) => {
          stage = "relay";
          trying = ways;
          this.#step("relay", trying);
        },
        up: () => this.#step("securing", trying),
      };
      const reach = this.#world.reach ?? reachById(this.#target, this.#world);
      const { link: secured, hostKey, name, hostId, ways, encrypted } = await reach(steps, signal, avoid);
      this.#way = name;
      opened = secured;
      stage = "peer";
      if (hostKey !== undefined) await knownHosts.set(this.#target.serverKey, this.#target.hostId, hostKey);
      this.#step("login");
      const proved = hostKey === undefined ? {} : { fingerprint: fingerprint(hostKey) };
      this.#store.set({
        connection: { path: secured.path, ways, encrypted, ...proved, framesPerSecond: 0, bytesPerSecond: 0 },
      });
      this.#conversation = new Conversation({
        link: secured,
        hostId,
        identity: this.#identity,
        world: this.#world,
        store: this.#store,
        sessionId: this.#sessionId,
        decodable,
        memory: this.#memory,
        probes: secured.path.route === "direct",
        trust: new DeviceTrust({
          ...{ secrets: this.#world.deviceSecrets, random: this.#world.random },
          ...{ serverKey: this.#target.serverKey, hostId: this.#target.hostId },
        }),
        onKeyboardLost: () => this.releaseAll(),
      });
      return await this.#conversation.run(this.#options.password, signal);
    } catch (error) {
      const end = endOf(error, stage);
      return end.code === "lost" && this.#pausing() ? { code: "too-many-attempts" } : end;
    } finally {
      // A conversation closes its link itself; before there is one, a refused host would be left on the relay.
      void opened?.close();
    }
  }

  /** The host has asked for a pause, and nothing was tried since. */
  #pausing(): boolean {
    const { phase } = this.state;
    const asks = phase.name === "password" || phase.name === "second-factor";
    return asks && (phase.why === "wait-a-minute" || phase.why === "wait-long");
  }

  #step(step: "relay" | "securing" | "login" | "code", trying: readonly WayName[] = []): void {
    this.#store.set({ phase: { name: "connecting", step, trying } });
  }
}

/** Random and not zero; the number a broken session is recognised by. */
function freshSessionId({ random }: ViewerWorld): bigint {
  return random.bytes(8).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n) | 1n;
}
