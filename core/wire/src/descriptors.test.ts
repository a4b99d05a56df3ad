import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type DescEnum, type DescField, type DescFile, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { file_message } from "./gen/message_pb.js";
import { file_rendezvous } from "./gen/rendezvous_pb.js";

const page = (name: string): string => readFileSync(new URL(`../../../docs/protocol/${name}`, import.meta.url), "utf8");

/** `name number type label oneof` of each field, by message; `name number` of each value, by enum. */
interface Schema {
  readonly messages: Map<string, string[]>;
  readonly enums: Map<string, string[]>;
}

const plain = (cell: string): string => cell.replaceAll("`", "").trim();
const cells = (line: string): string[] => line.split("|").slice(1, -1).map(plain);

/** The tables below headings, as a page has them; `columns` says which tables hold fields and which values. */
function tables(text: string, heading: RegExp): { title: string; header: string; rows: string[][] }[] {
  const found: { title: string; header: string; rows: string[][] }[] = [];
  let title = "";
  let open: string[][] | undefined;
  for (const line of text.split("\n")) {
    title = heading.exec(line)?.[1] ?? title;
    if (!line.startsWith("|")) open = undefined;
    else if (open === undefined) {
      open = [];
      found.push({ title, header: cells(line).join(" "), rows: open });
    } else if (!/^\|[\s|-]+$/.test(line)) open.push(cells(line));
  }
  return found;
}

function documentedPeer(): Schema {
  const schema: Schema = { messages: new Map(), enums: new Map() };
  const text = page("messages.md");
  for (const { title, header, rows } of tables(text, /^### (?:enum )?`([\w.]+)`/)) {
    if (header === "# field type label oneof meaning") {
      schema.messages.set(
        title,
        rows.map(([no, name, type, label, oneof]) => line(name, no, type, label, oneof)),
      );
    } else if (header === "# value meaning") {
      schema.enums.set(
        title,
        rows.map(([no, name]) => valued(name, no)),
      );
    }
  }
  // Messages without a field have no table.
  for (const [, name = ""] of text.matchAll(/^### `([\w.]+)` \(/gm))
    if (!schema.messages.has(name)) schema.messages.set(name, []);
  return schema;
}

function documentedServer(): Schema {
  const schema: Schema = { messages: new Map(), enums: new Map() };
  const text = page("rendezvous.md");
  for (const { title, header, rows } of tables(text, /^####? (?:3\.\d )?([\w.]+)$/)) {
    if (header === "no field type rule meaning") {
      const single = (rule = ""): string => (rule === "repeated" ? rule : "");
      const oneof = (rule = ""): string => /^oneof (\w+)/.exec(rule)?.[1] ?? "";
      schema.messages.set(
        title,
        rows.map(([no, name, type, rule]) => line(name, no, type, single(rule), oneof(rule))),
      );
    } else if (header.startsWith("value name")) {
      // One table puts two columns of values side by side.
      const pairs = rows.flatMap(([a, b, c, d]) =>
        header === "value name value name"
          ? [
              [a, b],
              [c, d],
            ]
          : [[a, b]],
      );
      schema.enums.set(
        title,
        pairs.flatMap(([no, name]) => (name ? [valued(name, no)] : [])),
      );
    } else if (header === "no field type") {
      const union = rows.map(([no, name, type]) => line(name, no, type?.split(" ")[0], "", "union"));
      schema.messages.set("RendezvousMessage", union);
    }
  }
  for (const [, name = ""] of text.matchAll(/^#### (\w+)$/gm))
    if (!schema.messages.has(name)) schema.messages.set(name, []);
  return schema;
}

/** Fields that client 1.5 adds for WebRTC, put where they belong. */
function addWebRtc(...schemas: readonly Schema[]): void {
  const found = tables(page("webrtc.md"), /^### 2\.2 (IceCandidate)/);
  for (const { title, header, rows } of found) {
    if (header.startsWith("message no field type")) {
      for (const [message = "", no, name, type] of rows) {
        for (const { messages } of schemas) messages.get(message)?.push(line(name, no, type));
      }
    } else if (title === "IceCandidate" && header.startsWith("no field type")) {
      schemas.at(-1)?.messages.set(
        title,
        rows.map(([no, name, type]) => line(name, no, type)),
      );
      return;
    }
  }
}

/** Fields of Pulpit's own, and messages that are nothing but such fields. */
function addExtensions(peers: Schema, servers: Schema): void {
  for (const { header, rows } of tables(page("extensions.md"), /^## (Fields)/)) {
    if (header !== "message no field type rule meaning") continue;
    for (const [message = "", no, name, type, rule] of rows) {
      const field = line(name, no, type, rule === "repeated" ? rule : "");
      // A message of our own belongs where a field of its type is.
      const isType = [...peers.messages.values()].flat().some((each) => each.split(" ")[2] === message);
      const { messages } = peers.messages.has(message) || isType ? peers : servers;
      messages.set(message, [...(messages.get(message) ?? []), field]);
    }
  }
}

const line = (name = "", no = "", type = "", label = "", oneof = ""): string =>
  `${name} ${no} ${type
    .replace(/^enum /, "")
    .split(".")
    .at(-1)} ${label} ${oneof}`
    .replace(/\s+/g, " ")
    .trim();

/** Names of values are spelled as each language likes; they are not transmitted. */
const valued = (name = "", no: string | number = ""): string => `${name.toLowerCase().replaceAll("_", "")} ${no}`;

function flattened(file: DescFile): { messages: DescMessage[]; enums: DescEnum[] } {
  const messages: DescMessage[] = [];
  const enums = [...file.enums];
  const visit = (message: DescMessage): void => {
    messages.push(message);
    enums.push(...message.nestedEnums);
    message.nestedMessages.forEach(visit);
  };
  file.messages.forEach(visit);
  return { messages, enums };
}

function typeOf(field: DescField): string {
  const named = field.message ?? field.enum;
  return named?.name ?? (ScalarType[(field as { scalar: ScalarType }).scalar] ?? "").toLowerCase();
}

const fieldLine = (field: DescField): string =>
  line(
    field.name,
    String(field.number),
    typeOf(field),
    field.fieldKind === "list" ? "repeated" : "",
    field.oneof?.name,
  );

const short = ({ typeName }: { typeName: string }): string => typeName.replace(/^\w+\./, "");

function generated(file: DescFile): Schema {
  const { messages, enums } = flattened(file);
  return {
    messages: new Map(messages.map((message) => [short(message), message.fields.map(fieldLine)])),
    enums: new Map(
      enums.map((item) => [short(item), item.values.map((value) => valued(value.localName, value.number))]),
    ),
  };
}

const sorted = (map: Map<string, string[]>): [string, string[]][] =>
  [...map]
    .map(([name, lines]): [string, string[]] => [name, lines.toSorted()])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
const total = (map: Map<string, string[]>): number => [...map.values()].reduce((sum, lines) => sum + lines.length, 0);

const peer = documentedPeer();
const server = documentedServer();
addWebRtc(peer, server);
addExtensions(peer, server);

for (const [who, file, documented] of [
  ["peers", file_message, peer],
  ["peers and servers", file_rendezvous, server],
] as const) {
  test(`every message, field and enum value between ${who} is as specified, and there is no other`, (t) => {
    const actual = generated(file);
    assert.deepEqual(sorted(actual.messages), sorted(documented.messages));
    assert.deepEqual(sorted(actual.enums), sorted(documented.enums));
    const { messages, enums } = actual;
    t.diagnostic(`${messages.size} messages, ${total(messages)} fields, ${enums.size} enums, ${total(enums)} values`);
  });
}
