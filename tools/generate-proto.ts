// Writes core/wire/src/gen from core/wire/proto. JavaScript plus declarations: the generator's
// TypeScript output holds enums, which type stripping cannot erase (ADR 0006).
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";

const template = {
  version: "v2",
  inputs: [{ directory: "core/wire/proto" }],
  plugins: [
    {
      local: ["node_modules/.bin/protoc-gen-es"],
      out: "core/wire/src/gen",
      opt: ["target=js+dts", "import_extension=js"],
    },
  ],
};

rmSync("core/wire/src/gen", { recursive: true, force: true });
execFileSync("node_modules/.bin/buf", ["generate", "--template", JSON.stringify(template)], {
  stdio: "inherit",
});
