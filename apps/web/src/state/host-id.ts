import { groupHostId } from "@pulpit/page-kit/host-id";

export { groupHostId };

/** In groups that stay on one line, for running text. */
export function hostIdInText(id: string): string {
  return groupHostId(id).replaceAll(" ", "\u00a0");
}
