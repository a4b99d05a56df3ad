import {
  Farewell,
  type HostSession,
  type HostSessionEffect,
  type HostSessionInput,
  notOffered,
  type Permission,
  permissionFor,
} from "@pulpit/protocol";
import type { LoginRequest } from "@pulpit/wire";
import type { ViewerChannel } from "./features/feature.ts";
import type { Match } from "./reception/passwords.ts";
import { LiveSession } from "./reception/sessions.ts";
import type { Secured } from "./secure.ts";
import type { Call, HostShared, VisitEnd } from "./session.ts";
import { viewerFacts } from "./viewer-facts.ts";
import { admitted, type Visit } from "./visit.ts";

/** Largest message after login, bytes: clipboard and file blocks. */
const LIMIT_AFTER_LOGIN = 16 * 1024 * 1024;

type Effect = Exclude<HostSessionEffect, { type: "finish" }>;
type Step<Type extends Effect["type"]> = Effect & { readonly type: Type };

export interface StayOptions {
  readonly shared: HostShared;
  readonly secured: Secured;
  readonly call: Call;
  /** What this computer can do and the ID server does not forbid. */
  readonly possible: ReadonlySet<Permission>;
  readonly channel: ViewerChannel;
  readonly tell: (input: HostSessionInput) => void;
}

/** What one connection is to the house: a question to the person, then a session, then one that may come back. */
export class Stay {
  readonly #options: StayOptions;
  #match: Match | undefined;
  #withdraw: (() => void) | undefined;
  #visit: Visit | undefined;
  #session: LiveSession | undefined;

  constructor(options: StayOptions) {
    this.#options = options;
  }

  /** Which password the latest proof belongs to. */
  matched(match: Match): void {
    this.#match = match;
  }

  get isIn(): boolean {
    return this.#session !== undefined;
  }

  ended(why: string): VisitEnd {
    if (this.#session === undefined) return { session: undefined, why };
    const { key, viewer } = this.#session.facts;
    return { session: key, viewer, why };
  }

  perform(effect: Effect, machine: HostSession): void {
    switch (effect.type) {
      case "send":
        this.#options.channel.send(effect.message, "control");
        break;
      case "missed":
        this.#missed(effect);
        break;
      case "ask":
        this.#ask(effect);
        break;
      case "withdraw":
        this.#withdraw?.();
        break;
      case "admit":
        this.#admit(effect, machine);
        break;
      case "deliver":
        this.#used(permissionFor(effect.key));
        this.#visit?.deliver(effect.key, effect.message, effect.standing);
        break;
      case "measured":
        this.#visit?.measured(effect.delay);
        break;
    }
  }

  /** `mayReturn`: the connection broke, nobody ended the session. */
  async close(mayReturn: boolean): Promise<void> {
    const { reception, world } = this.#options.shared;
    this.#withdraw?.();
    const visit = this.#visit;
    if (visit === undefined || this.#session === undefined) return;
    await visit.close();
    reception.recent.ended(visit.request, mayReturn, world.clock.now());
    // Before it is said that the viewer has left: whoever hears of it finds the new one.
    if (this.#match?.first === "one-time" && reception.policy().oneTimeRenewal === "after-use") {
      reception.oneTime.renew();
    }
    reception.left(this.#session);
  }

  #missed({ what }: Step<"missed">): void {
    const { shared, call } = this.#options;
    if (what === "password") shared.reception.oneTime.missed();
    const why = what === "blocked" ? "too-many-attempts" : `wrong-${what}`;
    shared.reception.onEvent({ type: "viewerRefused", address: call.address, why });
  }

  #ask({ request, scope, passwordGiven }: Step<"ask">): void {
    const { shared, call, tell, secured } = this.#options;
    const { encrypted } = secured;
    const { onEvent, consent } = shared.reception;
    const viewer = viewerFacts(request, call.address);
    onEvent({ type: "viewerAsks", viewer, scope, passwordGiven });
    let open = true;
    const withdraw = consent.ask({ viewer, scope, passwordGiven, encrypted }, (answer) => {
      open = false;
      this.#withdraw = undefined;
      onEvent({ type: "viewerAnswered", viewer, answer });
      tell({ type: "answered", answer });
    });
    // Too many questions are open: it was answered while it was asked.
    if (!open) return;
    this.#withdraw = () => {
      this.#withdraw = undefined;
      withdraw();
      onEvent({ type: "viewerAnswered", viewer, answer: "withdrawn" });
    };
  }

  #admit(admission: Step<"admit">, machine: HostSession): void {
    const { shared, secured, call, channel, possible } = this.#options;
    const { reception } = shared;
    const { request, scope, by, secondFactor } = admission;
    secured.link.limit(LIMIT_AFTER_LOGIN);
    if (by === "click") this.#match = undefined;
    this.#remember(request, secondFactor !== "none");
    const viewer = viewerFacts(request, call.address);
    const { path } = secured.link;
    const { encrypted } = secured;
    const facts = {
      key: reception.freshKey(),
      viewer,
      scope,
      since: reception.wall(),
      by,
      secondFactor,
      path,
      encrypted,
    };
    const session = new LiveSession(
      facts,
      { granted: () => reception.policy().granted, possible: () => possible },
      { regranted: () => this.#regranted(), end: (farewell) => channel.dismiss(farewell) },
    );
    this.#session = session;
    this.#visit = admitted({ channel, machine, shared, request, standing: { scope, granted: session.granted } });
    reception.entered(session);
    const { key, since, ...told } = facts;
    reception.onEvent({ type: "viewerJoined", session: key, ...told });
    // What was decided while the viewer waited at the door.
    this.#regranted();
    call.onEntered?.(session);
  }

  #remember(request: LoginRequest, codePassed: boolean): void {
    if (this.#match === undefined) return;
    const { passwordHash, first: by } = this.#match;
    const { address } = this.#options.call;
    this.#options.shared.reception.recent.started(request, { passwordHash, by, codePassed, address });
  }

  #regranted(): void {
    if (this.#session === undefined) return;
    const permissions = this.#session.granted;
    this.#options.tell({ type: "granted", permissions });
    // A visit for files, a camera, a terminal or a tunnel is over with the permission for it.
    if (notOffered(this.#session.facts.scope, permissions) !== undefined) this.#session.end(Farewell.notAllowed);
    this.#visit?.permitted(permissions);
    this.#options.shared.reception.changed();
  }

  #used(permission: Permission | undefined): void {
    if (permission === undefined || this.#session?.uses(permission) !== true) return;
    const { reception } = this.#options.shared;
    reception.onEvent({ type: "permissionUsed", session: this.#session.facts.key, permission });
    reception.changed();
  }
}
