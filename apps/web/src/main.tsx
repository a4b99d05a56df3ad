import { startPage } from "@pulpit/page-kit";
import "./style.css";
import { App } from "./app.tsx";
import { words } from "./words.ts";

await startPage(<App />, words);
