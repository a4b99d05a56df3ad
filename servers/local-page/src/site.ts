import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { type LocalPageConfig, MAX_FILES, MAX_SITE_BYTES } from "./config.ts";

export interface SiteFile {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Quoted, as HTTP has it. */
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

/**
 * Every file of the folder by its path as a URL has it (`/assets/x.js`), read once: a request can name nothing else.
 * Links are left out; `json` comes besides. Empty when there is no such folder; throws when it holds more than a page does.
 */
export function readSite(root: string, json: LocalPageConfig["json"] = {}): ReadonlyMap<string, SiteFile> {
  const site = new Map<string, SiteFile>();
  if (!existsSync(root)) return site;
  let size = 0;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    size += bytes.length;
    if (size > MAX_SITE_BYTES || site.size >= MAX_FILES) throw new RangeError(`${root} is too much for a page`);
    site.set(`/${relative(root, path).split(sep).join("/")}`, fileOf(bytes, extname(entry.name)));
  }
  for (const [path, value] of Object.entries(json)) site.set(path, fileOf(Buffer.from(JSON.stringify(value)), ".json"));
  return site;
}

function fileOf(bytes: Uint8Array, extension: string): SiteFile {
  return {
    bytes,
    type: TYPES[extension] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(bytes).digest("base64url")}"`,
  };
}
