import { TokensphereError } from "../../models/errors.ts";
import { glprFigure1 } from "./glpr-figure1.ts";
import type { Preset } from "./preset.ts";

/** Every preset by its name. */
export const PRESETS: Readonly<Record<string, Preset>> = Object.fromEntries(
  [glprFigure1].map((preset) => [preset.name, preset]),
);

/** @throws TokensphereError `usage` for a name that no preset has. */
export function presetNamed(name: string): Preset {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name];
  throw new TokensphereError("usage", `--preset: ${name}. use ${Object.keys(PRESETS).join(", ")}`);
}
