/** A page that is its own files and its own WebSocket; nothing else may load, embed, send or open it. */
const OWN_FILES: Readonly<Record<string, string>> = {
  "default-src": "'none'",
  "script-src": "'self'",
  // Styles are computed by the component library; scripts are not.
  "style-src": "'self' 'unsafe-inline'",
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/** The header's value. `more`: directives beyond those, or instead of those of the same name. */
export function contentPolicy(more: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ ...OWN_FILES, ...more })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join("; ");
}
