import type { ModelConfig } from "../../models/files/model-config.ts";
import { checkOverrides, type Overrides } from "../../models/files/overrides.ts";
import type { Preset, PresetVariant } from "./preset.ts";

/** One reading of the weights, before it is run. */
export interface VariantPlan {
  readonly name: string;
  /** "1 head", "16 heads". */
  readonly label: string;
  /** What this network is, in words: who trained it, and how far. */
  readonly words: string;
  readonly heads: number | null;
  readonly overrides: Overrides;
}

/**
 * The readings to run: those of the preset, less the ones that would be the same network again.
 *
 * @param overrides what preset and user ask of the model.
 * @param own what the model's config says.
 */
export function planVariants(
  { variants }: Preset,
  overrides: Overrides,
  own: Pick<ModelConfig, "heads" | "layers">,
): readonly VariantPlan[] {
  const plans = variants.map((variant) => planVariant(variant, overrides, own));
  return plans.filter(({ heads }, k) => plans.findIndex((earlier) => earlier.heads === heads) === k);
}

function planVariant(
  { name, ownHeads }: PresetVariant,
  overrides: Overrides,
  own: Pick<ModelConfig, "heads" | "layers">,
): VariantPlan {
  const asked = ownHeads ? own.heads : (overrides.heads ?? own.heads);
  // Said even where it is the model's own, so that every reading comes from the same file.
  const read = checkOverrides({ ...overrides, ...(asked === null ? {} : { heads: asked }) });
  return { name, label: labelOf(asked), words: readingInWords(asked, own, overrides), heads: asked, overrides: read };
}

function labelOf(heads: number | null): string {
  return heads === null ? "heads unknown" : `${heads} head${heads === 1 ? "" : "s"}`;
}

/** Who trained a network that is read so, and how far. */
export function readingInWords(
  heads: number | null,
  own: Pick<ModelConfig, "heads" | "layers">,
  { depth, randomInit }: Overrides,
): string {
  if (randomInit !== undefined) return "random weights: nothing here was trained";
  if (heads !== own.heads) {
    return `a network nobody trained, the pretrained weights read with another head count than their ${own.heads}`;
  }
  if (own.layers === null || depth === undefined || depth === own.layers) return "the network as it was trained";
  if (depth < own.layers) return `the first ${depth} of the ${own.layers} layers that were trained`;
  return `the trained network up to layer ${own.layers}; beyond, its layer is repeated, which nobody trained`;
}
