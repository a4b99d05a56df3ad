import { Box, Text } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";

/** Names and values below each other, the values in one line of sight. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }): ReactElement {
  return (
    <Box
      component="dl"
      m={0}
      style={{ display: "grid", gridTemplateColumns: "minmax(84px, max-content) 1fr", columnGap: 16, rowGap: 4 }}
    >
      {facts.map(([name, value]) => (
        <Box key={name} style={{ display: "contents" }}>
          <Text component="dt" fz="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" fz="sm" m={0} style={{ overflowWrap: "anywhere", minWidth: 0 }}>
            {value}
          </Text>
        </Box>
      ))}
    </Box>
  );
}
