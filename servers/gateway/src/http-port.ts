import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type AddressList, Admission, boundHttp, HTTP_BOUNDS, type NoRoom, plainAddress } from "@pulpit/link-node";
import { MAX_CONNECTIONS, MAX_CONNECTIONS_PER_ADDRESS, TLS_HANDSHAKE_WITHIN } from "./config.ts";
import type { TlsBytes } from "./tls-files.ts";

/** Takes over a connection that asked for WebSocket. */
type UpgradeListener = (request: IncomingMessage, tcp: Duplex, head: Buffer) => void;

/** A listening HTTP or HTTPS port. */
export interface HttpPort {
  readonly port: number;
  /** Open connections. */
  connections(): number;
  /** For new connections; those that are open keep theirs. */
  renew(pair: TlsBytes): void;
  /** Stops listening, has `parting` end what else there is, then ends requests. */
  close(parting?: () => Promise<void>): Promise<void>;
}

/** Opens one, bounded in connections, time and size. Rejects with what the system says about the port. */
export async function openHttpPort(
  at: { readonly host: string; readonly port: number; readonly trusted: AddressList },
  pair: TlsBytes | undefined,
  answers: { readonly listener: RequestListener; readonly upgrade?: UpgradeListener },
  refused: (address: string, why: NoRoom | "malformed") => void,
): Promise<HttpPort> {
  const { listener, upgrade } = answers;
  const options: ServerOptions = {
    ...HTTP_BOUNDS,
    // Whoever asks for another protocol than WebSocket is answered in this one.
    shouldUpgradeCallback: ({ headers }) => upgrade !== undefined && headers.upgrade?.toLowerCase() === "websocket",
  };
  const secure = pair === undefined ? undefined : createTlsServer({ ...options, ...tlsOptions(pair) }, listener);
  const server: Server = secure ?? createServer(options, listener);
  const admission = new Admission({ all: MAX_CONNECTIONS, perAddress: MAX_CONNECTIONS_PER_ADDRESS });
  boundHttp(server, admission, at.trusted, refused);
  if (upgrade !== undefined) server.on("upgrade", upgrade);
  // Nobody is asked for a body, so nobody is told to go on and send it.
  server.on("checkContinue", listener);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const answer = answerTo(error.code);
    // The others are broken connections and TLS handshakes that failed: there is nobody to tell.
    if (answer === undefined || !socket.writable) return socket.destroy();
    refused(plainAddress((socket as Socket).remoteAddress), "malformed");
    socket.once("finish", () => socket.destroy());
    socket.end(`HTTP/1.1 ${answer}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: at.port, host: at.host }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : at.port,
    connections: () => admission.size,
    renew: (next) => secure?.setSecureContext(tlsOptions(next)),
    async close(parting) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await parting?.();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answerTo(code: string | undefined): string | undefined {
  if (code === "HPE_HEADER_OVERFLOW") return "431 Request Header Fields Too Large";
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "408 Request Timeout";
  return code?.startsWith("HPE_") ? "400 Bad Request" : undefined;
}

/**
 * Session tickets stay as Node has them: sealed with a key that is made at start and with each certificate, and never
 * leaves the process. Few long connections gain little from more.
 */
function tlsOptions({ cert, key }: TlsBytes): {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: "TLSv1.2";
  readonly ALPNProtocols: string[];
  readonly handshakeTimeout: number;
} {
  return { cert, key, minVersion: "TLSv1.2", ALPNProtocols: ["http/1.1"], handshakeTimeout: TLS_HANDSHAKE_WITHIN };
}
