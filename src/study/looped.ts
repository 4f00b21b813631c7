import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import { readModelConfig } from "../../models/files/model-config.ts";
import type { Effects } from "../effects/effects.ts";
import type { BesideOptions } from "../options/beside.ts";
import type { StudyOptions } from "../options/study.ts";
import { bundledModel } from "../sources/bundled.ts";
import { openSource } from "../sources/open-source.ts";
import { holdsStates } from "../sources/open-stored-states.ts";
import { LOOPED, loopedRecord, loopedSet } from "../variants/looped-set.ts";
import { silent } from "./beside.ts";
import type { Studied } from "./study.ts";
import type { Beside } from "./study-run.ts";
import type { Reading } from "./take-reading.ts";

/** As often as Figure 1 of the papers applies its block. */
const USUAL_LAYERS = 48;

/**
 * The reading of a command line that goes on beyond the network's layers, if any: what `--looped` says; where it says
 * nothing, 48 layers of the model that comes with the package.
 *
 * @throws TokensphereError `usage` where `--looped` is given and nothing can be looped or drawn.
 */
export async function askedLoop(
  effects: Effects,
  reference: string | undefined,
  options: StudyOptions & BesideOptions,
): Promise<Reading | null> {
  const layers = options.looped ?? (reference === undefined && options.depth === undefined ? USUAL_LAYERS : 0);
  const refusal = layers === 0 ? null : await refusalOf(effects, reference, layers, options);
  if (refusal !== null && options.looped !== undefined) throw new TokensphereError("usage", refusal);
  if (layers === 0 || refusal !== null) return null;
  const { residMid, attentions, ...same } = options;
  const open = async () =>
    openSource(silent(effects), reference, {
      ...same,
      ...(reference === undefined ? await fromCheckpoint() : {}),
      depth: layers,
    });
  return { name: LOOPED, label: `${layers} layers`, open };
}

/** The heads that were trained, named: it says that the checkpoint is to be read, which loops faster than the ONNX file. */
async function fromCheckpoint(): Promise<Pick<StudyOptions, "heads">> {
  const { heads } = await readModelConfig(join(bundledModel(), "config.json"));
  return heads === null ? {} : { heads };
}

async function refusalOf(
  effects: Effects,
  reference: string | undefined,
  layers: number,
  { normalize = "l2", pairs = "within", depth }: StudyOptions,
): Promise<string | null> {
  const flag = `--looped ${layers}`;
  if (normalize !== "l2")
    return `${flag}: it draws cosines, and --normalize ${normalize} gives none. leave one of the two out`;
  if (pairs !== "within") return `${flag}: it draws pairs within a text. leave out --pairs ${pairs}`;
  if (depth !== undefined && depth >= layers) return `${flag}: not beyond --depth ${depth}. give more layers`;
  if (reference === undefined || !(await holdsStates(effects, reference))) return null;
  return `${flag}: ${reference} holds hidden states, no model is run. leave it out`;
}

/** What the two readings come to: for figures and words, and for the manifest. */
export function loopBeside({ readings }: Pick<Studied, "readings">, { randomInit }: StudyOptions): Beside {
  const [own, looped] = readings.map(({ tables }) => tables?.rows);
  if (!own || !looped) return {};
  const depth = Math.max(...own.metrics.map(({ layer }) => (typeof layer === "number" ? layer : 0)));
  const diagonal = readings[0].policy.diagonal === "include";
  const set = loopedSet([own, looped], { depth, trained: randomInit === undefined, diagonal });
  return { run: { variants: set }, record: { looped: loopedRecord(set) } };
}
