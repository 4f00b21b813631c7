import type { Cloud, Cloud64 } from "../cloud.ts";
import { centerCloud } from "./center-cloud.ts";
import { normalizeInPlace, type TokenName } from "./normalize-cloud.ts";
import type { Policy } from "./policy.ts";
import type { Selection } from "./select-tokens.ts";

/**
 * The cloud as the policy wants it measured: centred, then normalized. The cloud that was given stays as it was.
 * Throws `input` where a token has no direction; `name` says which it was.
 */
export function applyPolicy(cloud: Cloud, policy: Policy, name?: TokenName): Cloud64 {
  return normalizeInPlace(centerCloud(cloud, policy.center), policy.normalize, name);
}

/** `applyPolicy` on selected tokens, with messages that name text, layer and position. */
export function applyPolicyToSelection(selection: Selection, policy: Policy): Cloud64 {
  const { cloud, indices, row, layer } = selection;
  return applyPolicy(cloud, policy, (i) => `text ${row}, layer ${layer}, token ${indices[i]}`);
}
