import x11, { type Callback, type Display } from "x11";

interface Questions {
  QueryKeymap(callback: Callback<ArrayLike<number>>): void;
  QueryPointer(window: number, callback: Callback<{ rootX: number; rootY: number }>): void;
}

/** Asks the X server itself, over a connection of its own. */
async function ask<T>(
  display: string,
  question: (client: Questions, root: number, callback: Callback<T>) => void,
): Promise<T> {
  const opened = await new Promise<Display>((resolve, reject) => {
    x11.createClient({ display, shm: false }, (error, value) => (error ? reject(error) : resolve(value)));
  });
  try {
    const { client, screen } = opened;
    return await new Promise<T>((resolve, reject) => {
      question(client as unknown as Questions, screen[0]?.root ?? 0, (error, value) =>
        error ? reject(error) : resolve(value),
      );
    });
  } finally {
    opened.client.terminate();
  }
}

/** Keys that are down at the moment. */
export async function pressedKeys(display: string): Promise<number> {
  const bits = await ask<ArrayLike<number>>(display, (client, _root, callback) => client.QueryKeymap(callback));
  return Array.from(bits).reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
}

export async function pointerOf(display: string): Promise<[number, number]> {
  const { rootX, rootY } = await ask<{ rootX: number; rootY: number }>(display, (client, root, callback) =>
    client.QueryPointer(root, callback),
  );
  return [rootX, rootY];
}
