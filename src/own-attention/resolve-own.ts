import { TokensphereError } from "../../models/errors.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { DEFAULT_FAMILIES, type Family, familyNamed } from "../laws/families.ts";
import type { OpenModel } from "../sources/state-source.ts";
import { type OwnPlace, ownFamily } from "./own-family.ts";
import { type OwnAttention, readOwn } from "./read-own.ts";

/** Families as a fit is asked for them. */
type Asked = readonly (string | Family)[];

/** Those that need no model. */
export function withoutOwn(families: Asked = DEFAULT_FAMILIES): Asked {
  return families.filter((one) => !needsModel(one));
}

/**
 * The attention of the model at hand where families need it, or why they have to be left out.
 *
 * @param states the first of the model.
 * @returns `null` where no family needs it.
 */
export async function ownAttention(
  families: Asked = DEFAULT_FAMILIES,
  opened: OpenModel | null,
  states: HiddenStates,
  { policy, causal }: { readonly policy: Policy; readonly causal: boolean },
): Promise<OwnAttention | null> {
  if (!families.some(needsModel)) return null;
  if (opened === null) return { why: "there is no model to read it from. give the model in place of its states" };
  if (policy.center !== "none" || (policy.normalize !== "l2" && policy.normalize !== "none"))
    return { why: "its matrices act on tokens as they are, not centred or standardized. give no centring" };
  return readOwn(opened.model, states, causal);
}

/**
 * Families with the network's own attention in the place of those that need it; without them where it cannot be had.
 *
 * @throws TokensphereError `input` where that leaves none.
 */
export function resolveOwn(families: Asked = DEFAULT_FAMILIES, own: OwnAttention | null, place: OwnPlace): Asked {
  if (own === null) return families;
  const rest = withoutOwn(families);
  if ("why" in own) {
    if (rest.length > 0) return rest;
    throw new TokensphereError("input", `families: ${own.why}`);
  }
  return families.map((one) => {
    const family = typeof one === "string" ? familyNamed(one) : one;
    return family.ofModel ? ownFamily(family, own.blocks, place) : family;
  });
}

function needsModel(one: string | Family): boolean {
  return (typeof one === "string" ? familyNamed(one) : one).ofModel === true;
}
