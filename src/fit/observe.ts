import { TokensphereError } from "../../models/errors.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { applyPolicyToSelection } from "../../probes/policy/apply-policy.ts";
import { onSphere, type Policy } from "../../probes/policy/policy.ts";
import { selectTokens } from "../../probes/policy/select-tokens.ts";
import type { FitText } from "../trajectories/fit-text.ts";

/** The texts to be fitted and the layers that they were taken at. */
export interface ObservedTexts {
  readonly texts: readonly FitText[];
  /** Layer numbers, increasing; simulations start at the first. */
  readonly layers: readonly number[];
  readonly specialKnown: boolean;
}

/**
 * Takes the tokens of every row of every batch at the layers from `startLayer` (default the first) on, as the policy says. Clouds are always brought
 * to the sphere: that is where the dynamics live. The final norm is left out: it is no step of the dynamics.
 * Throws `input` where batches differ in their layers or widths, or fewer than two layers are there.
 */
export function observeTexts(
  batches: readonly HiddenStates[],
  policy: Policy,
  startLayer = firstLayer(batches[0]),
): ObservedTexts {
  const layers = numberedLayers(batches[0]).filter((layer) => layer >= startLayer);
  if (layers.length < 2 || layers[0] !== startLayer) {
    const have = numberedLayers(batches[0]).join(", ");
    throw new TokensphereError(
      "input",
      `start layer: ${startLayer}. a fit needs it and a later one; the states have ${have}`,
    );
  }
  for (const batch of batches) requireSameLayers(batch, batches[0]);
  const texts = batches.flatMap((batch) => rowNumbers(batch).map((row) => observeText(batch, row, layers, policy)));
  return { texts, layers, specialKnown: batches.every((batch) => batch.special !== null) };
}

/** The tokens of one row at these layers, as the policy says, on the sphere. Throws `input` where they cannot be brought there. */
export function observeText(batch: HiddenStates, row: number, layers: readonly number[], policy: Policy): FitText {
  const sphere = onSphere(policy);
  const clouds = layers.map((layer) => {
    const index = batch.layers.findIndex((l) => l.layer === layer);
    return applyPolicyToSelection(selectTokens(batch, row, index, sphere), sphere);
  });
  return { n: clouds[0].n, d: batch.d, clouds };
}

/** Numbers of the layers that are steps of the dynamics, increasing. */
export function numberedLayers(batch: HiddenStates): number[] {
  return batch.layers.flatMap(({ layer }) => (typeof layer === "number" ? [layer] : [])).sort((a, b) => a - b);
}

/** 0, unless the states begin behind the embedding. */
function firstLayer(batch: HiddenStates): number {
  return numberedLayers(batch)[0] ?? 0;
}

function rowNumbers(batch: HiddenStates): number[] {
  return Array.from({ length: batch.batch }, (_, row) => row);
}

function requireSameLayers(batch: HiddenStates, first: HiddenStates): void {
  const same = numberedLayers(batch).join() === numberedLayers(first).join() && batch.d === first.d;
  if (!same) {
    throw new TokensphereError(
      "input",
      "texts with different layers or widths cannot be fitted together. fit them one by one",
    );
  }
}
