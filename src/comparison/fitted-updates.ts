import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { defaultPolicy, type Policy } from "../../probes/policy/policy.ts";
import { openGramEngine } from "../../probes/products/gram-engine.ts";
import { sizedProducts } from "../../probes/updates/layer-step.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { FIT_DEFAULTS } from "../fit/fit-defaults.ts";
import { type Family, movingFamilies, searchedParameter } from "../laws/families.ts";
import { dynamicsField } from "../updates/dynamics-field.ts";
import { DEFAULT_FIELDS, fieldNamed, fieldsWith, OWN_FIELDS } from "../updates/fields.ts";
import { measureUpdates, type UpdatesOptions } from "../updates/measure-updates.ts";
import { RIVAL_FIELDS } from "../updates/rival-fields.ts";
import type { UpdateField } from "../updates/update-field.ts";
import type { UntrainedRow, UpdateRow } from "../updates/update-row.ts";

/** Of the fit, as far as it matters here. */
export interface FittedUpdatesOptions {
  readonly families?: readonly (string | Family)[];
  readonly policy?: Policy;
  readonly startLayer?: number;
  readonly seed?: number;
  /** Whether the network's own parts are measured beside them, where the states hold what they read. Default false. */
  readonly own?: boolean;
  /** Number of the first text in the rows; default 0. */
  readonly firstText?: number;
}

/** The law of the updates of every text from the first fitted layer on: of the families, of averaging and of rivals. */
export async function fittedUpdates(
  batches: readonly HiddenStates[],
  { families = FIT_DEFAULTS.families, own = false, ...options }: FittedUpdatesOptions,
): Promise<readonly UpdateRow[]> {
  return lawOf(batches, { fields: [...fieldsOf(families), ...(own ? OWN_FIELDS : [])] }, options);
}

/**
 * What the families add in the steps of the same network untrained: their best β and shares. Without nulls and intervals, for it is not
 * asked whether they add anything there, but whether as much as in the trained one.
 *
 * @param first - Number of the first draw in the rows.
 */
export async function untrainedUpdates(
  control: readonly (readonly HiddenStates[])[],
  { families = FIT_DEFAULTS.families, ...options }: FittedUpdatesOptions,
  first = 0,
): Promise<readonly UntrainedRow[]> {
  const asked = { fields: familyFields(families), draws: 0, intervals: false };
  const rows: UntrainedRow[] = [];
  for (const [draw, states] of control.entries())
    rows.push(...(await lawOf(states, asked, options)).map((row) => ({ draw: first + draw, ...row })));
  return rows;
}

async function lawOf(
  batches: readonly HiddenStates[],
  asked: UpdatesOptions,
  { policy = defaultPolicy, startLayer = 0, seed, firstText = 0 }: Omit<FittedUpdatesOptions, "families" | "own">,
): Promise<readonly UpdateRow[]> {
  const rows: UpdateRow[] = [];
  let text = firstText;
  const engine = await openGramEngine();
  try {
    const place = { policy, across: sizedProducts(engine.across) };
    for (const batch of batches) {
      const { residMid, attentions } = batch;
      const extras = { residMid: residMid !== undefined, attentions: attentions !== undefined };
      const fields = fieldsWith(asked.fields, extras);
      const measured = { ...asked, fields, ...(seed === undefined ? {} : { seed }) };
      for (let row = 0; row < batch.batch; row++)
        rows.push(...(await measureUpdates(batch, row, measured, { ...place, text: text++ })));
    }
  } finally {
    await engine.close();
  }
  return rows.filter(({ layer }) => layer >= startLayer);
}

/** Averaging, SA and USA, what else is fitted, and the rivals that are fields. */
export function fieldsOf(families: readonly (string | Family)[]): readonly UpdateField[] {
  const others = familyFields(families).filter(({ name }) => fieldNamed(name) === undefined);
  return [...DEFAULT_FIELDS, ...others, ...RIVAL_FIELDS];
}

/**
 * One field a family, under the family's name. A family whose parameter is searched along the layers has none, and neither
 * has one whose step is that of another family: with noise, or from other tokens.
 */
function familyFields(families: readonly (string | Family)[]): readonly UpdateField[] {
  return movingFamilies(families)
    .filter((family) => !family.noisy && !family.start && searchedParameter(family) === null)
    .map(
      ({ name, label, dynamics, parameters }) =>
        fieldNamed(name) ?? { ...dynamicsField(findDynamics(dynamics), parameters), name, label },
    );
}
