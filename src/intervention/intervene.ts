import { TokensphereError } from "../../models/errors.ts";
import { type RandomSource, randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { quantiles } from "../../probes/numerics/quantiles.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import {
  type ContextChange,
  contextChange,
  explainedChange,
  permutedUpdates,
} from "../../probes/updates/intervention.ts";
import type { InterventionRow } from "../run/rows/intervention-row.ts";
import { withSource } from "../sources/open-source.ts";
import type { OpenModel, StateSource } from "../sources/state-source.ts";
import { seesOnlyBefore } from "./causal.ts";
import {
  type AskedField,
  bestField,
  type ContextField,
  contextFields,
  openVelocities,
  type Velocities,
} from "./context-fields.ts";
import { type BlockContexts, blockContexts, type ComparedTokens, type Contexts, comparedTokens } from "./contexts.ts";
import { drawHalves } from "./half-tokens.ts";
import { type ContextReading, READINGS } from "./readings.ts";

export interface InterventionOptions {
  /** Opens the model once more, with the same inputs. */
  readonly open: () => Promise<StateSource>;
  /** Fields beside averaging; default SA and USA. */
  readonly fields?: readonly AskedField[];
  /** Inverse temperatures to choose from; left out: see `bestField`. */
  readonly betas?: readonly number[];
  readonly seed: number;
  readonly progress?: (fraction: number) => void;
}

/** What came of it. */
export interface Intervention {
  /** By text, layer and reading; `null` where no model could be asked. */
  readonly rows: readonly InterventionRow[] | null;
  /** Why there are none, or not all; else `null`. */
  readonly reason: string | null;
}

const DEFAULT_FIELDS: readonly AskedField[] = [
  { name: "sa", dynamics: "sa" },
  { name: "usa", dynamics: "usa" },
];

/** Permutations behind the null. */
const DRAWS = 199;
const NULL_QUANTILE = 0.95;

/**
 * The same tokens in another context. Half of a text's tokens, drawn at random, is taken out of the context of the others, then the
 * other half; those of the template stay. Every token's update is measured with all others there and with half of them: what
 * differs depends on who else is there, which no trajectory shows, and a field says how.
 *
 *     states, model ─halves─▶ contexts, direct and total ─block by block─▶ change of updates ─┬─▶ context_share
 *                                     └─▶ fields at full and half clouds ─▶ change of fields ─┴─▶ update, gram, null
 *
 * @param states those that the model gave for the same inputs, in their order.
 */
export async function intervene(
  states: readonly HiddenStates[],
  policy: Policy,
  options: InterventionOptions,
): Promise<Intervention> {
  if (policy.specialTokens === "only")
    return { rows: null, reason: "only the template's tokens count, and those stay" };
  const reasons: string[] = [];
  for (const reading of READINGS) {
    try {
      const rows = await withSource(await options.open(), (source) => {
        return oneReading(reading, askable(source), states, policy, options);
      });
      return rows.length > 0 ? { rows, reason: reasons[0] ?? null } : { rows: null, reason: TOO_SHORT };
    } catch (error) {
      if (!(error instanceof TokensphereError)) throw error;
      reasons.push(error.message);
    }
  }
  return { rows: null, reason: reasons[reasons.length - 1] };
}

const TOO_SHORT = "no text has four tokens of its own: halves without a pair";

/** @throws TokensphereError `input` where there is no model, or none of tokens. */
function askable({ opened, name }: StateSource): OpenModel {
  if (opened === null) throw new TokensphereError("input", `no model to be run again: ${name} holds states`);
  if (opened.model.removal() !== null) return opened;
  throw new TokensphereError("input", `no tokens to be taken out: ${name} starts from no token ids`);
}

/** Text after text; one model is open at a time. */
async function oneReading(
  reading: ContextReading,
  { model, inputs }: OpenModel,
  states: readonly HiddenStates[],
  policy: Policy,
  { seed, progress, fields = DEFAULT_FIELDS, betas }: InterventionOptions,
): Promise<readonly InterventionRow[]> {
  const random = randomSource(seed); // The same halves in every reading.
  const nulls = randomSource(seed);
  const velocities = openVelocities();
  const rows: InterventionRow[] = [];
  let [place, text] = [0, 0];
  try {
    for await (const { input } of inputs()) {
      const own = states[place];
      const tokens = comparedTokens(own, drawHalves(own, random), policy);
      const contexts = tokens.rows.length > 0 ? await reading.contexts(model, input, own, tokens.removed) : null;
      for (const row of contexts ? tokens.rows : []) {
        const share = (done: number) => progress?.((place + (row + done) / own.batch) / states.length);
        const asked = {
          contexts: contexts as Contexts,
          tokens,
          row,
          fields,
          betas,
          nulls,
          velocities,
          progress: share,
        };
        rows.push(...(await oneText(asked)).map((one) => ({ text: text + row, reading: reading.name, ...one })));
      }
      place++;
      text += own.batch;
    }
  } finally {
    await velocities.release();
  }
  return rows;
}

/** One text in its contexts. */
interface OneText {
  readonly contexts: Contexts;
  readonly tokens: ComparedTokens;
  readonly row: number;
  readonly fields: readonly AskedField[];
  readonly betas: readonly number[] | undefined;
  readonly nulls: RandomSource;
  readonly velocities: Velocities;
  readonly progress: (fraction: number) => void;
}

type TextRow = Omit<InterventionRow, "text" | "reading">;

async function oneText(one: OneText): Promise<readonly TextRow[]> {
  const { contexts, tokens, row, progress } = one;
  const fields = contextFields(one.fields, seesOnlyBefore(contexts, tokens.removed, row));
  const layers = contexts.full.before.layers.filter(({ layer }) => typeof layer === "number").length;
  const rows: TextRow[] = [];
  for (let k = 0; k < layers - 1; k++) {
    progress(k / (layers - 1));
    const block = blockContexts(contexts, tokens, row, k);
    const change = contextChange(block.parts.map(({ steps }) => steps));
    for (const field of fields) rows.push({ layer: k, ...(await explained(one, field, block, change)) });
  }
  return rows;
}

async function explained(
  { betas, nulls, velocities }: OneText,
  field: ContextField,
  block: BlockContexts,
  change: ContextChange,
): Promise<Omit<TextRow, "layer">> {
  const best = change.isReal ? await bestField(velocities, field, block, change, betas) : null;
  const told = { field: field.name, context_share: change.share };
  if (best === null) return { ...told, beta: null, update: null, gram: null, null: null };
  const { update, gram } = explainedChange(change, best.parts);
  const [quantile] = update === null ? [null] : nullOf(change, best.parts, nulls);
  return { ...told, beta: field.beta === undefined ? best.beta : null, update, gram, null: quantile };
}

function nullOf(change: ContextChange, parts: Parameters<typeof permutedUpdates>[1], random: RandomSource) {
  return quantiles(permutedUpdates(change, parts, DRAWS, random), [NULL_QUANTILE]);
}
