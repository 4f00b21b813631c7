import type { HiddenStates } from "../stream/hidden-states.ts";

/** What is known of a vision model's positions from its config.json. */
export interface VisionConfig {
  readonly model_type?: unknown;
  readonly patch_size?: unknown;
  readonly num_register_tokens?: unknown;
}

/** The tokens that stand before the patches, by the architecture's name in config.json. */
const LEADING: Readonly<Record<string, (config: VisionConfig) => readonly string[]>> = {
  vit: () => ["[CLS]"],
  deit: () => ["[CLS]", "[DIST]"],
  dinov2: () => ["[CLS]"],
  dinov2_with_registers: ({ num_register_tokens: registers }) => ["[CLS]", ...registersOf(registers)],
};

/**
 * Which positions of an image's states are learned tokens and which are patches, named `row,column`. Nothing where the
 * architecture is not known, or its count and the model's do not agree.
 *
 * @param size height and width of `pixel_values`.
 */
export function imagePositions(
  { batch, n }: Pick<HiddenStates, "batch" | "n">,
  [height, width]: readonly [number, number],
  config: VisionConfig,
): Pick<HiddenStates, "special" | "tokens"> {
  const type = String(config.model_type);
  const patch = Number(config.patch_size);
  const leading = Object.hasOwn(LEADING, type) ? LEADING[type](config) : null;
  const [rows, columns] = [Math.floor(height / patch), Math.floor(width / patch)];
  if (leading === null || leading.length + rows * columns !== n) return { special: null, tokens: null };
  const patches = Array.from({ length: rows * columns }, (_, i) => `${Math.floor(i / columns)},${i % columns}`);
  return {
    special: Uint8Array.from({ length: batch * n }, (_, i) => (i % n < leading.length ? 1 : 0)),
    tokens: Array.from({ length: batch }, () => [...leading, ...patches]),
  };
}

function registersOf(count: unknown): string[] {
  return Array.from({ length: Number.isSafeInteger(count) ? Number(count) : 0 }, (_, i) => `[REG${i}]`);
}
