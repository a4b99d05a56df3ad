import { Badge, Box, Group, SimpleGrid, Stack, Switch, Text } from "@mantine/core";
import type { SessionView } from "@pulpit/host-control";
import type { Permission } from "@pulpit/protocol";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../state/host-context.ts";
import { ALL_PERMISSIONS } from "../state/permission-names.ts";
import { useCommand } from "../state/use-command.ts";
import { RefusalNote } from "./refusal-note.tsx";

/** What a viewer may do, for this visit only. */
export function SessionPermissions({ session }: { readonly session: SessionView }): ReactElement {
  const { t } = useTranslation();
  const { abilities } = useView();
  const permit = useCommand("session.permit");
  const missing = ALL_PERMISSIONS.filter((permission) => !abilities.includes(permission));
  const named = (permission: Permission): string => t(`permission.${permission}.name`);
  return (
    <Stack gap="xs" role="group" aria-label={t("session.permissions")}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm" verticalSpacing={8}>
        {ALL_PERMISSIONS.filter((permission) => abilities.includes(permission)).map((permission) => (
          <Switch
            key={permission}
            checked={session.granted.includes(permission)}
            onChange={({ currentTarget }) =>
              void permit.run({ session: session.session, permission, granted: currentTarget.checked })
            }
            label={
              <Group gap={6} component="span">
                {named(permission)}
                {session.used.includes(permission) ? (
                  <Badge component="span" size="sm" variant="dot" tt="none" color="pine">
                    {t("session.used")}
                  </Badge>
                ) : null}
              </Group>
            }
          />
        ))}
      </SimpleGrid>
      {missing.length === 0 ? null : (
        <Text fz="xs" c="dimmed">
          <Box component="span" fw={600}>
            {t("permission.notHere")}
          </Box>{" "}
          {missing.map(named).join(", ")}
        </Text>
      )}
      <RefusalNote refused={permit.refused} />
    </Stack>
  );
}
