import { callable, isAvailable } from "./libc.ts";

/** Looked at this often, ms. */
const TIDY_EVERY = 10_000;
/** Growth since the last time that is worth the trouble, bytes. */
const MIN_GROWTH: number = 16 * 1024 * 1024;

const malloc_trim: () => (keep: number) => number = callable("int malloc_trim(size_t keep)");

/**
 * Gives memory that is free, but lies between pieces that are not, back to the system now and then: the C library keeps
 * what a crowd of connections needed, and a server would look as if the crowd were still there. Ends when disposed.
 */
export function keepMemoryTidy(): Disposable {
  if (!isAvailable()) return { [Symbol.dispose]: () => undefined };
  let low = process.memoryUsage.rss();
  const timer = setInterval(() => {
    const rss = process.memoryUsage.rss();
    if (rss - low < MIN_GROWTH) {
      low = Math.min(low, rss);
      return;
    }
    malloc_trim()(0);
    low = process.memoryUsage.rss();
  }, TIDY_EVERY);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
