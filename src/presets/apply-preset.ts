import { TokensphereError } from "../../models/errors.ts";
import type { Preset, PresetSettings } from "./preset.ts";

/** What a preset came to, for the manifest. */
export interface PresetRecord {
  readonly name: string;
  /** What the preset set and the user left alone. */
  readonly set: Readonly<Record<string, unknown>>;
  /** What the user gave, with what the preset would have set. */
  readonly overridden: Readonly<Record<string, { readonly preset: unknown; readonly given: unknown }>>;
}

/** A command's model and options with the preset's filled in. */
export interface Applied<T> {
  readonly model: string;
  readonly options: T & PresetSettings;
  readonly record: PresetRecord;
}

/**
 * Fills in what the user did not give: every flag that is given wins.
 *
 * @throws TokensphereError `usage` for policies under which the preset's figure has no meaning.
 */
export function applyPreset<T extends PresetSettings>(
  preset: Preset,
  model: string | undefined,
  options: T,
): Applied<T> {
  checkCosines(options);
  // Windows keep what would be cut; an image or raw inputs are not cut.
  const uncut = [options.chunk, options.image, options.inputs].some((one) => one !== undefined);
  const cut = uncut ? [["truncate", false] as const] : [];
  const given = new Map<string, unknown>([["model", model], ...Object.entries(options), ...cut]);
  const wanted = Object.entries({ model: preset.model, ...preset.settings });
  const [left, won] = [
    wanted.filter(([key]) => given.get(key) === undefined),
    wanted.filter(([key]) => given.has(key)),
  ];
  const overridden = won.filter(([key, value]) => given.get(key) !== undefined && given.get(key) !== value);
  const same = won.filter(([key, value]) => given.get(key) === value);
  const settings = Object.fromEntries(left.filter(([key]) => key !== "model"));
  return {
    model: model ?? preset.model,
    options: { ...options, ...settings },
    record: {
      name: preset.name,
      set: { ...Object.fromEntries([...left, ...same]), binRule: preset.binRule, bins: preset.bins },
      overridden: Object.fromEntries(overridden.map(([key, value]) => [key, { preset: value, given: given.get(key) }])),
    },
  };
}

function checkCosines({ normalize = "l2", pairs = "within" }: PresetSettings): void {
  const fail = (what: string) =>
    new TokensphereError("usage", `${what}. leave it out, or leave out --preset for other measures`);
  if (normalize !== "l2") throw fail(`--normalize ${normalize}: the preset draws cosines, of tokens of length 1`);
  if (pairs !== "within") throw fail(`--pairs ${pairs}: the preset draws pairs within a text`);
}
