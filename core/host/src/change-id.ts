import { type Link, LinkError } from "@pulpit/link";
import { ProtocolError, publicKeyOf } from "@pulpit/protocol";
import {
  decodeServerMessage,
  encodeServerMessage,
  RegisterPkResponse_Result as Result,
  type ServerMessage,
  WireError,
} from "@pulpit/wire";
import type { HostOptions, HostWorld } from "./options.ts";
import { idServerTarget, privateLink } from "./server-connection.ts";

/** The server has this long for everything, ms (docs/protocol/rendezvous.md, section 4.4). */
const ANSWER_WITHIN = 18_000;

/** How the server answered a wish for another ID. */
export type IdChange =
  | "changed"
  | "id-taken"
  | "bad-id"
  | "not-supported"
  | "too-frequent"
  | "no-server"
  /** It can't prove to be the right one, or says that this is not the computer it knows. */
  | "refused";

/** Whether a text may be an ID that a person chose (section 4.4). */
export function isChosenId(text: string): boolean {
  return /^[a-zA-Z][\w-]{5,15}$/.test(text);
}

/**
 * Asks the ID server for another ID; what it is asked for and by whom is encrypted where it can be, because the
 * device's uuid is all that proves the right to it (section 9, row 2). Stock servers without encryption are asked in
 * the clear, as stock clients do.
 */
export async function changeId(
  id: string,
  options: HostOptions,
  world: HostWorld,
  signal: AbortSignal,
): Promise<IdChange> {
  if (!isChosenId(id)) return "bad-id";
  const give = new AbortController();
  const stop = (): void => give.abort();
  signal.addEventListener("abort", stop, { once: true });
  const cancel = world.clock.alarm(world.clock.now() + ANSWER_WITHIN, stop);
  try {
    return await asked(id, options, world, give.signal);
  } catch (error) {
    if (error instanceof LinkError) return error.code === "wrong-key" ? "refused" : "no-server";
    if (error instanceof ProtocolError || error instanceof WireError) return "refused";
    throw error;
  } finally {
    cancel();
    signal.removeEventListener("abort", stop);
  }
}

async function asked(id: string, options: HostOptions, world: HostWorld, signal: AbortSignal): Promise<IdChange> {
  const value = { id, oldId: options.id, uuid: options.uuid };
  const dialled = await world.dial(idServerTarget(options.idServer), { route: "server", signal });
  const close = (): void => void dialled.close(new LinkError("timed-out"));
  signal.addEventListener("abort", close, { once: true });
  try {
    const link = await encrypted(dialled, options, world);
    await link.send(encodeServerMessage({ case: "registerPk", value }));
    return outcomeOf(await response(link));
  } finally {
    signal.removeEventListener("abort", close);
    void dialled.close();
  }
}

/** The connection, encrypted if the server offers it; a stock one that says nothing is taken as it is. */
async function encrypted(link: Link, options: HostOptions, world: HostWorld): Promise<Link> {
  const serverKey = publicKeyOf(options.serverKey);
  if (serverKey === undefined) return link;
  try {
    return (await privateLink(link, options.idServer, world, { serverKey, beaten: () => undefined })).link;
  } catch (error) {
    if (error instanceof LinkError && error.code === "timed-out") return link;
    throw error;
  }
}

async function response(link: Link): Promise<ServerMessage & { case: "registerPkResponse" }> {
  for (let bytes = await link.receive(); bytes !== undefined; bytes = await link.receive()) {
    const message = decodeServerMessage(bytes);
    if (message.case === "registerPkResponse") return message;
  }
  throw new LinkError("closed", "the server closed without an answer");
}

function outcomeOf({ value: { result } }: ServerMessage & { case: "registerPkResponse" }): IdChange {
  switch (result) {
    case Result.OK:
      return "changed";
    case Result.ID_EXISTS:
      return "id-taken";
    case Result.INVALID_ID_FORMAT:
      return "bad-id";
    case Result.NOT_SUPPORT:
      return "not-supported";
    case Result.TOO_FREQUENT:
      return "too-frequent";
    default:
      return "refused";
  }
}
