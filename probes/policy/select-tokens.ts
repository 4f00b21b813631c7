import { allFinite } from "../../models/arrays/all-finite.ts";
import { option, TokensphereError } from "../../models/errors.ts";
import type { HiddenStates, LayerLabel } from "../../models/stream/hidden-states.ts";
import type { Cloud } from "../cloud.ts";
import type { Policy } from "./policy.ts";

/** The tokens of one text after one layer that the policy counts, as the model gave them. */
export interface Selection {
  readonly cloud: Cloud;
  /** Position in the row of each token of the cloud. */
  readonly indices: readonly number[];
  /** False: nothing says which tokens are special, so all were kept. */
  readonly specialKnown: boolean;
  readonly row: number;
  readonly layer: LayerLabel;
}

/**
 * The cloud of row `row` after layer `states.layers[layerIndex]`: padding left out, special tokens as the policy says.
 * Throws `input` where special tokens are asked for but not known, where fewer than two tokens are left,
 * and where a state is not a finite number.
 */
export function selectTokens(states: HiddenStates, row: number, layerIndex: number, policy: Policy): Selection {
  const layer = states.layers[layerIndex];
  if (layer === undefined || row < 0 || row >= states.batch) {
    throw new RangeError(`no row ${row} or layer index ${layerIndex} in these states`);
  }
  const indices = keptPositions(states, row, policy);
  const cloud = { n: indices.length, d: states.d, x: copyRows(states, layer.x, row, indices) };
  requireFinite(cloud, row, layer.layer, indices);
  return { cloud, indices, specialKnown: states.special !== null, row, layer: layer.layer };
}

/** Positions of row `row` that count, in order. Throws `input` where fewer than two are left. */
export function keptPositions(states: HiddenStates, row: number, policy: Policy): readonly number[] {
  const { n, mask, special } = states;
  if (policy.specialTokens === "only" && special === null) {
    const remedy = `use ${option("specialTokens", "keep")}`;
    throw new TokensphereError("input", `text ${row}: which of its tokens are special is not known. ${remedy}`);
  }
  const kept: number[] = [];
  let counted = 0;
  for (let i = 0; i < n; i++) {
    const at = row * n + i;
    if (mask[at] === 0) continue;
    counted++;
    if (countsAs(policy, special === null ? null : special[at] !== 0)) kept.push(i);
  }
  if (kept.length < 2) throw tooFew(row, kept.length, counted);
  return kept;
}

function countsAs(policy: Policy, special: boolean | null): boolean {
  if (special === null || policy.specialTokens === "keep") return true;
  return special === (policy.specialTokens === "only");
}

/** @param counted tokens with the special ones. */
function tooFew(row: number, count: number, counted: number): TokensphereError {
  const left = count === 1 ? "1 token" : `${count} tokens`;
  const remedy = counted < 2 ? "give a longer text" : `give a longer text or use ${option("specialTokens", "keep")}`;
  return new TokensphereError("input", `text ${row}: ${left} left after the policy; two are needed. ${remedy}`);
}

function copyRows(states: HiddenStates, x: Float32Array, row: number, indices: readonly number[]): Float32Array {
  const { n, d } = states;
  const out = new Float32Array(indices.length * d);
  indices.forEach((position, i) => {
    const from = (row * n + position) * d;
    out.set(x.subarray(from, from + d), i * d);
  });
  return out;
}

function requireFinite({ d, x }: Cloud, row: number, layer: LayerLabel, indices: readonly number[]): void {
  if (allFinite(x)) return;
  for (let p = 0; p < x.length; p++) {
    if (Math.abs(x[p]) < Number.POSITIVE_INFINITY) continue;
    const what = `text ${row}, layer ${layer}, token ${indices[Math.floor(p / d)]}: ${x[p]} among its states`;
    throw new TokensphereError("input", `${what}. check the model, or run it in float32`);
  }
}
