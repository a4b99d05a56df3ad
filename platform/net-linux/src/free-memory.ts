import { callable, isAvailable } from "./libc.ts";

/** Looked at this often, ms. */
const TIDY_EVERY = 10_000;
/** What a process may have above the least it ever had before that is looked into, bytes. */
const MIN_GROWTH: number = 16 * 1024 * 1024;
/** A look that gives back less than this was not worth its few milliseconds, bytes; the next one comes later. */
const MIN_GAIN: number = 1024 * 1024;
/** … but at least once in so many looks. */
const MAX_PASSED_OVER = 30;

const malloc_trim: () => (keep: number) => number = callable("int malloc_trim(size_t keep)");

/**
 * Gives memory that is free, but lies between pieces that are not, back to the system now and then: the C library keeps
 * what a crowd of connections needed, and a server would look as if the crowd were still there. Ends when disposed.
 */
export function keepMemoryTidy(): Disposable {
  if (!isAvailable()) return { [Symbol.dispose]: () => undefined };
  let least = process.memoryUsage.rss();
  let passOver = 0;
  let passed = 0;
  const timer = setInterval(() => {
    const before = process.memoryUsage.rss();
    least = Math.min(least, before);
    if (before - least < MIN_GROWTH || passed++ < passOver) return;
    malloc_trim()(0);
    passed = 0;
    passOver = before - process.memoryUsage.rss() >= MIN_GAIN ? 0 : Math.min(MAX_PASSED_OVER, passOver * 2 + 1);
  }, TIDY_EVERY);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
