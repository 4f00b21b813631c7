import { allFinite } from "../../models/arrays/all-finite.ts";
import { TokensphereError } from "../../models/errors.ts";
import { dot } from "../../probes/numerics/vectors.ts";
import { type Interval, jackknifeInterval } from "../../probes/products/jackknife.ts";
import { effectOfVelocity, type FieldEffect } from "../../probes/updates/field-effect.ts";
import { type FieldShares, fieldShares, outsideBasis, remainderShares } from "../../probes/updates/field-shares.ts";
import { type LayerStep, ROUNDING } from "../../probes/updates/layer-step.ts";
import { FEWEST_TOKENS, type LeaveOneOut } from "../../probes/updates/leave-one-out.ts";
import type { Remainder } from "../../probes/updates/without-selection.ts";
import { bestBeta, logBestWithout, SEARCHED } from "./best-beta.ts";
import type { FieldInput, UpdateField } from "./update-field.ts";
import type { UpdateRow } from "./update-row.ts";

/** A step with what all fields share of it. */
export interface StepParts {
  readonly at: FieldInput;
  readonly remainder: Remainder;
  readonly without: LeaveOneOut | null;
}

/** What was found of a field at one β. */
export interface Examined {
  readonly numbers: Partial<UpdateRow>;
  /** The field's changes of inner products to be permuted: at every β that it was chosen among; none where nothing can be added. */
  readonly curves: readonly Float64Array[];
}

/** What a field does at one β, and what of it needs selection. */
interface Asked {
  readonly effect: FieldEffect;
  readonly own: Float64Array;
}

/** A field at its best β, or at each of the given ones. */
export async function askField(
  parts: StepParts,
  field: UpdateField,
  betas: readonly number[] | undefined,
): Promise<readonly Examined[]> {
  if (field.needsBeta && betas === undefined) return [await atBest(parts, field)];
  const asked = field.needsBeta && betas ? betas : [null];
  const found: Examined[] = [];
  for (const beta of asked) {
    const effect = await askAt(parts, field, beta ?? 0);
    const given = { beta, beta_from: beta === null ? ("" as const) : ("given" as const) };
    found.push(
      "missing" in effect
        ? { numbers: { ...given, note: effect.missing }, curves: [] }
        : told(parts, effect, given, [effect]),
    );
  }
  return found;
}

async function atBest(parts: StepParts, field: UpdateField): Promise<Examined> {
  const first = await askAt(parts, field, SEARCHED[0]);
  if ("missing" in first) return { numbers: { note: first.missing }, curves: [] };
  const whyNot = whyNothingAdded(parts.at.step, parts.remainder);
  if (whyNot !== null) return { numbers: { note: whyNot }, curves: [] };
  const ask = async (beta: number): Promise<Asked> => {
    const asked = await askAt(parts, field, beta);
    if ("missing" in asked) throw new TokensphereError("input", `field ${field.name}: ${asked.missing}. leave it out`);
    return asked;
  };
  const best = await bestBeta(parts.remainder, ask);
  if (best === null) return { numbers: { note: "no beta is best" }, curves: [] };
  if (best.flat)
    return told(parts, best.answer, { beta: null, note: "what it adds does not depend on beta" }, [best.answer]);
  const { beta, edge, answer, tried } = best;
  return told(
    parts,
    answer,
    { beta, beta_from: "best", ...betaBounds(parts, best) },
    edge === null ? [...tried, answer] : tried,
  );
}

/** The shares of an effect, their intervals, and what is to be permuted. */
function told(
  { at: { step }, remainder, without }: StepParts,
  { effect, own }: Asked,
  beta: Partial<UpdateRow>,
  curves: readonly Asked[],
): Examined {
  const shares = fieldShares(step, remainder, effect, own);
  const left = shares.partial === null ? null : (without?.(own) ?? null);
  const interval = (estimate: number | null, values: Float64Array | undefined) =>
    estimate === null || !values ? null : bounds(jackknifeInterval(estimate, values, Math.abs(estimate), [-1, 1]));
  const numbers = {
    ...beta,
    ...shares,
    partial_interval: interval(shares.partial, left?.partial),
    added_interval: interval(shares.added, left?.added),
    note: [beta.note ?? "", ...reasons(step, remainder, effect, shares)].filter((part) => part !== "").join("; "),
  };
  return { numbers, curves: shares.partial === null ? [] : curves.map((one) => one.effect.change) };
}

/** The interval of the best β from the best β without each token; why there is none. */
function betaBounds(
  { at: { step }, remainder, without }: StepParts,
  best: NonNullable<Awaited<ReturnType<typeof bestBeta<Asked>>>>,
): Pick<UpdateRow, "beta_interval" | "note"> {
  const none = (note: string) => ({ beta_interval: null, note });
  if (best.edge) return none(`best beta at the ${best.edge} end of ${SEARCHED[0]} to ${SEARCHED[SEARCHED.length - 1]}`);
  if (step.n < FEWEST_TOKENS || !without) return none("");
  const added = best.tried.map(({ own }) => without(own)?.added);
  if (added.some((values) => values === undefined)) return none("");
  if (!((remainderShares(remainder, best.answer.own).added ?? 0) > 0)) return none("adds nothing: no interval of beta");
  const logs = logBestWithout(added as readonly Float64Array[]);
  const range = [Math.log(SEARCHED[0]), Math.log(SEARCHED[SEARCHED.length - 1])] as const;
  const found = bounds(jackknifeInterval(Math.log(best.beta), logs, 1, range));
  return { beta_interval: found && [Math.exp(found[0]), Math.exp(found[1])], note: "" };
}

async function askAt(
  parts: StepParts,
  field: UpdateField,
  beta: number,
): Promise<Asked | { readonly missing: string }> {
  const effect = await effectAt(parts, field, beta);
  return "missing" in effect ? effect : { effect, own: outsideBasis(effect.change, parts.remainder.basis) };
}

async function effectAt(
  { at }: StepParts,
  field: UpdateField,
  beta: number,
): Promise<FieldEffect | { readonly missing: string }> {
  const answer = await field.answer(at, beta);
  if ("missing" in answer) return answer;
  const effect =
    "effect" in answer
      ? answer.effect
      : "change" in answer
        ? { change: answer.change, along: null, squared: null }
        : await effectOfVelocity(answer.within ?? at.step, answer.velocity, at.across);
  if (allFinite(effect.change)) return effect;
  const where = `field ${field.name} in the step from layer ${at.layer}`;
  throw new TokensphereError("input", `${where}: not finite at beta ${beta}. leave it out or choose another beta`);
}

/** Why there can be no share of what functions without selection leave; `null`: there can. */
function whyNothingAdded({ change }: LayerStep, { leaves, basis, withoutSelection }: Remainder): string | null {
  if (leaves) return null;
  if (Math.sqrt(dot(change, change) / change.length) <= ROUNDING) return "no inner product changes";
  if (change.length <= basis.length) return "too few tokens for functions without selection";
  if (withoutSelection === null) return "all inner products change by one amount";
  return "functions without selection leave nothing";
}

/** Why shares are missing. */
function reasons(
  step: LayerStep,
  remainder: Remainder,
  { squared, change }: FieldEffect,
  shares: FieldShares,
): readonly string[] {
  const out: string[] = [];
  if (step.size === null) out.push("a token turned by half a circle: no update");
  else if (step.size <= ROUNDING) out.push("no token moved");
  if (shares.partial !== null) return out;
  const why = whyNothingAdded(step, remainder);
  const zero = change.every((value) => value === 0) && (squared?.every((value) => value === 0) ?? true);
  if (why !== null) out.push(why);
  if (zero) out.push("the field is 0");
  return why === null && !zero ? [...out, "the field needs no selection"] : out;
}

function bounds(interval: Interval | null): readonly [number, number] | null {
  return interval && [interval.lo, interval.hi];
}
