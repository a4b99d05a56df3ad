// A file answers one question; 300 lines is a wall (STYLE.md, rule 1). Generated code and tables aside.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const LIMIT = 300;
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx"], {
  encoding: "utf8",
})
  .split("\n")
  // One that was just deleted is still listed.
  .filter((file) => file !== "" && !file.includes("/gen/") && existsSync(file));

const long = files.flatMap((file) => {
  const lines = readFileSync(file, "utf8").split("\n").length - 1;
  return lines > LIMIT ? [`${file}: ${lines} lines`] : [];
});
if (long.length > 0) {
  console.error(`Longer than ${LIMIT} lines; make each of them answer one question:\n${long.join("\n")}`);
  process.exit(1);
}
