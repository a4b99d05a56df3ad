import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationText, joiningTexts } from "./joining.ts";

const key = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
const decoded = (text: string): unknown =>
  JSON.parse(Buffer.from([...text].reverse().join(""), "base64url").toString("utf8"));

test("the configuration in one piece is that of the specification", () => {
  assert.equal(
    configurationText({ host: "rd.example.com", relay: "", api: "https://rd.example.com", key }),
    "9JSPnJWTWpkQadUekhkZxEFciNkaxsmZX1WQ2BTNZBjTjRGNMV0TQ9idIVkNBJiOikXZrJCLi02bj5SZsBXbhhXZuQmcv8iOzBHd0hmI6ISawFmIsIiI6ISehxWZyJCLi02bj5SZsBXbhhXZuQmciojI0N3boJye",
  );
});

test("usual ports are left out; others are told, and a relay where nobody would look for it too", () => {
  const usual = joiningTexts({ hosts: [], port: 21_116, relayPort: 21_117, key }, "rd.example.com");
  assert.deepEqual([usual.idServer, usual.relayServer], ["rd.example.com", "rd.example.com"]);
  assert.deepEqual(decoded(usual.configuration), { host: "rd.example.com", relay: "", api: "", key });
  assert.equal(usual.link, `rustdesk://config/${usual.configuration}`);
  const moved = joiningTexts({ hosts: [], port: 4000, relayPort: 4001, key }, "2001:db8::1");
  assert.deepEqual([moved.idServer, moved.relayServer], ["[2001:db8::1]:4000", "[2001:db8::1]:4001"]);
  const apart = joiningTexts({ hosts: [], port: 4000, relayPort: 5000, key }, "192.0.2.1");
  assert.deepEqual(decoded(apart.configuration), { host: "192.0.2.1:4000", relay: "192.0.2.1:5000", api: "", key });
});
