import { Group, Text } from "@mantine/core";
import type { ReactElement } from "react";

export function Logo(): ReactElement {
  return (
    <Group gap={10} wrap="nowrap">
      <img src={`${import.meta.env.BASE_URL}pulpit.svg`} width={32} height={32} alt="" />
      <Text fw={700} fz={22} lts={-0.3}>
        Pulpit
      </Text>
    </Group>
  );
}
