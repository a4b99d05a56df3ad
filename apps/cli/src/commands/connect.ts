import { openInBrowser } from "../open-in-browser.ts";
import { parse, UsageError } from "../usage.ts";
import { type Command, WEB_PORT } from "./command.ts";

export const connect: Command = {
  name: "connect",
  summary: "Open the web client for an ID",
  help: `Usage: pulpit connect ID [options]

  --web URL   Address of the web client (default http://localhost:${WEB_PORT})
  --print     Print the address instead of opening a browser
  --help      Show this`,

  async run(args) {
    const { values, positionals } = parse(args, { web: { type: "string" }, print: { type: "boolean" } });
    const id = positionals.join("").replaceAll(" ", "");
    if (!/^[\w.-]{6,253}$/u.test(id)) throw new UsageError("Whom to connect to? Give an ID, such as 123456789");
    const web = values.web ?? `http://localhost:${WEB_PORT}`;
    if (!/^https?:\/\//.test(web) || !URL.canParse(web))
      throw new UsageError(`--web wants an http(s) address, not '${web}'`);
    const url = new URL(`/connect/${encodeURIComponent(id)}`, web).href;
    process.stdout.write(`${url}\n`);
    if (values.print === true) return 0;
    // Where there is no browser the address is printed, and that has to do.
    await openInBrowser(url);
    return 0;
  },
};
