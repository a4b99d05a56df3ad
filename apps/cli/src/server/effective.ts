import type { SettingAnswer } from "@pulpit/admin";
import type { EffectiveConfig } from "../server-config/read-config.ts";
import { MEMBERS, settingOf } from "../server-config/settings.ts";
import { settingName } from "../settings/setting.ts";

/** Every setting with its value and where that stands, as a person reads it; secrets are masked. */
export function settingsShown({ config, origins }: EffectiveConfig): readonly SettingAnswer[] {
  return MEMBERS.map((member) => {
    const { kind, secret, fallback, otherwise } = settingOf(member);
    const value = config[member];
    const shown = kind.show(value);
    const byDefault = value === fallback && otherwise !== undefined ? otherwise.replaceAll("`", "") : shown;
    return {
      name: settingName(member),
      value: secret === true && shown.length > 1 ? "(secret)" : byDefault,
      from: origins[member],
    };
  });
}
