import { startPage } from "@pulpit/page-kit";
import "./style.css";
import { App } from "./app.tsx";
import { browserWorld } from "./channel/browser-world.ts";
import { Channel } from "./channel/channel.ts";
import { takeToken } from "./channel/opening-token.ts";
import { words } from "./words.ts";

const channel = new Channel(browserWorld(), takeToken(location, history));
// A link opened in this very tab changes the address only; nothing is loaded anew.
addEventListener("hashchange", () => {
  const token = takeToken(location, history);
  if (token !== undefined) channel.enter(token);
});
channel.open();
await startPage(<App channel={channel} />, words);
