import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const SOURCES = join(import.meta.dirname, "native");

/** The native programs of the network benchmarks, as paths; gone with their folder when disposed. */
export interface NativePrograms extends AsyncDisposable {
  readonly registerEcho: string;
  readonly registerLoad: string;
  readonly relayLoad: string;
}

export async function buildNative(): Promise<NativePrograms> {
  const folder = await mkdtemp(join(tmpdir(), "pulpit-bench-"));
  const built = async (name: string): Promise<string> => {
    const program = join(folder, name);
    await compile(join(SOURCES, `${name}.c`), program);
    return program;
  };
  return {
    registerEcho: await built("register-echo"),
    registerLoad: await built("register-load"),
    relayLoad: await built("relay-load"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function compile(source: string, program: string): Promise<void> {
  try {
    await promisify(execFile)("gcc", ["-O2", "-Wall", "-Wextra", "-o", program, source]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error("The network benchmarks need gcc: apt-get install gcc libc6-dev", { cause: error });
  }
}
