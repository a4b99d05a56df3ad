import { Text } from "@mantine/core";
import type { ReactElement } from "react";

/** A key's fingerprint, so that two of them can be compared group by group. */
export function Fingerprint({ value }: { readonly value: string }): ReactElement {
  return (
    <Text component="code" className="fingerprint">
      {value}
    </Text>
  );
}
