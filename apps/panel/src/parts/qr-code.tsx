import type { ReactElement } from "react";
import { encode } from "uqr";

/** Dark on light in both appearances: many scanners can't read the other way round. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactElement {
  const { data, size } = encode(text, { ecc: "M", border: 3 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" role="img" aria-label={label}>
      <title>{label}</title>
      <path d={path} fill="#0b1512" />
    </svg>
  );
}
