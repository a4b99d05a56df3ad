import { Card, Center, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";
import { Logo } from "./logo.tsx";

/** Something the person has to know before anything else; what can be done stands below it. */
export function Notice({
  title,
  text,
  children,
  actions,
}: {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}): ReactElement {
  return (
    <Center mih="100%" p="md" role="alert">
      <Card shadow="md" padding="xl" w="100%" maw={520} withBorder>
        <Stack gap="md">
          <Logo />
          <Title order={2} fz={24}>
            {title}
          </Title>
          <Text>{text}</Text>
          {children}
          {actions === undefined ? null : <Group mt="sm">{actions}</Group>}
        </Stack>
      </Card>
    </Center>
  );
}
