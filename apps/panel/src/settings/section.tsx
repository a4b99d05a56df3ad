import { Card, Stack, Text, Title } from "@mantine/core";
import { type ReactElement, type ReactNode, useId } from "react";

export function Section({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text?: string;
  readonly children: ReactNode;
}): ReactElement {
  const id = useId();
  return (
    <Card component="section" shadow="sm" padding="lg" withBorder aria-labelledby={id} style={{ overflow: "visible" }}>
      <Stack gap="md">
        <Stack gap={4}>
          <Title order={2} fz={19} id={id}>
            {title}
          </Title>
          {text === undefined ? null : (
            <Text fz="sm" c="dimmed">
              {text}
            </Text>
          )}
        </Stack>
        {children}
      </Stack>
    </Card>
  );
}
