import { Option } from "@commander-js/extra-typings";
import type { Conflict } from "../command-line/conflicts.ts";
import type { OptionsOf } from "../command-line/options-of.ts";
import { PRESETS } from "../presets/presets.ts";
import type { ExtraOptions } from "./extras.ts";

const presets = Object.values(PRESETS);
const panels = [...new Set(presets.flatMap((preset) => Object.keys(preset.panels)))];

/** Flags by one name, and the layers that it draws. */
export const PRESET = [
  new Option(
    "--preset <name>",
    `flags by one name; those given beside it win. ${presets.map(({ name, about }) => `${name}: ${about}`).join("; ")}`,
  ).choices(presets.map(({ name }) => name)),
  new Option("--panels <layers>", `layers that a preset draws: ${panels.join(", ")} or a list: 0,12,48`),
] as const;

export type PresetOptions = OptionsOf<typeof PRESET>;

/** What a preset does not serve, and what only a preset does. */
export const PRESET_CONFLICTS: readonly Conflict<keyof PresetOptions | keyof ExtraOptions>[] = [
  {
    flags: ["panels"],
    without: ["preset"],
    says: "--panels {value}: only a preset has panels to choose. add --preset",
  },
  {
    flags: ["residMid", "attentions"],
    with: ["preset"],
    except: false,
    says: "{flag}: not measured under --preset. leave one of the two out",
  },
];
