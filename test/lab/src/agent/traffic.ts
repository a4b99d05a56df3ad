// Traffic for measuring a line. `receive PORT` answers datagrams and says in a line how fast each TCP stream came,
// Mbit/s; `send ADDRESS PORT SECONDS` sends as fast as it goes; `ask ADDRESS PORT COUNT` prints round trips, ms.
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";

const CHUNK = new Uint8Array(64 * 1024);
/** Between one question and the next, ms: so that none waits for another. */
const PAUSE = 2;
/** After this a question or its answer is taken for lost, ms. */
const LOST = 1000;

function receive(port: number): void {
  const server = createServer((socket) => {
    const begin = performance.now();
    let bytes = 0;
    socket.on("data", ({ length }) => {
      bytes += length;
    });
    socket.on("end", () => console.log(((bytes * 8) / 1e3 / (performance.now() - begin)).toFixed(0)));
  });
  server.listen(port, () => console.log("ready"));
  const socket = createSocket("udp4").bind(port);
  socket.on("message", (message, from) => socket.send(message, from.port, from.address));
}

function send(address: string, port: number, seconds: number): void {
  const socket = connect({ host: address, port });
  const until = performance.now() + seconds * 1000;
  const more = (): void => {
    if (performance.now() > until) socket.end();
    else socket.write(CHUNK, more);
  };
  socket.on("connect", more);
}

function ask(address: string, port: number, count: number): void {
  const socket = createSocket("udp4");
  const times: number[] = [];
  let asked = 0;
  let again: NodeJS.Timeout | undefined;
  const next = (): void => {
    asked = performance.now();
    socket.send("?", port, address);
    again = setTimeout(next, LOST);
  };
  socket.on("message", () => {
    clearTimeout(again);
    times.push(performance.now() - asked);
    if (times.length < count) setTimeout(next, PAUSE);
    else {
      times.sort((a, b) => a - b);
      console.log([0.5, 0.95].map((part) => times[Math.floor(part * (count - 1))]?.toFixed(2)).join(" "));
      socket.close();
    }
  });
  next();
}

const [what, ...rest] = process.argv.slice(2);
const [first = "", second = "", third = ""] = rest;
if (what === "receive") receive(Number(first));
else if (what === "send") send(first, Number(second), Number(third));
else ask(first, Number(second), Number(third));
