import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Socket } from "node:net";

/** TCP connections that other processes have made to servers of this one, from now on. */
export interface Foreign extends Disposable {
  /** How many there were to these ports. */
  to(...ports: readonly (number | undefined)[]): number;
}

export function watchForeign(): Foreign {
  const own = new Set<number>();
  const accepted: { readonly port: number; readonly from: number }[] = [];
  const dialled = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    socket.once("connect", () => {
      if (socket.localPort !== undefined) own.add(socket.localPort);
    });
  };
  const arrived = (message: unknown): void => {
    const { localPort, remotePort } = (message as { readonly socket: Socket }).socket;
    if (localPort !== undefined && remotePort !== undefined) accepted.push({ port: localPort, from: remotePort });
  };
  subscribe("net.client.socket", dialled);
  subscribe("net.server.socket", arrived);
  return {
    to: (...ports) => accepted.filter(({ port, from }) => ports.includes(port) && !own.has(from)).length,
    [Symbol.dispose]() {
      unsubscribe("net.client.socket", dialled);
      unsubscribe("net.server.socket", arrived);
    },
  };
}

/** UDP sockets that a process has at the moment. */
export function udpSocketsOf(pid: number): number {
  const inodes = new Set(
    ["udp", "udp6"].flatMap((kind) =>
      readFileSync(`/proc/net/${kind}`, "latin1")
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.trim().split(/\s+/)[9]),
    ),
  );
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`)) ?? [];
    return inode !== undefined && inodes.has(inode);
  }).length;
}

/** It may have been closed since it was listed. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
