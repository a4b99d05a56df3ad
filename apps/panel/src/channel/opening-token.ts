/** The token of a link `…/#token=…`; undefined when there is none. */
export function tokenIn(hash: string): string | undefined {
  return /^#token=([\w-]{1,256})$/.exec(hash)?.[1];
}

/** Takes it out of the address, so that it is neither seen nor copied with it, and gives it. */
export function takeToken(location: Location, history: History): string | undefined {
  const token = tokenIn(location.hash);
  if (location.hash !== "") history.replaceState(null, "", location.pathname);
  return token;
}
