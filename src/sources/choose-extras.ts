import { resolve } from "node:path";
import { readConfigObject } from "../../models/files/model-config.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import type { Model } from "../../models/open-model.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import type { Effects } from "../effects/effects.ts";
import type { ExtraOptions } from "../options/extras.ts";
import type { TextOptions } from "../options/texts.ts";
import { type ExtraCost, extraCosts, MOST_BYTES } from "./extra-costs.ts";
import { BUNDLED } from "./model-batches.ts";
import { readTexts } from "./read-texts.ts";

type Description = Model["description"];

/** What is read of a model beside the layers. */
export interface ChosenExtras {
  readonly states: StreamExtras;
  /** Spectra of value and output weights, which go with attention. */
  readonly spectra: boolean;
}

/** Something that a model's states may hold beside the layers. */
interface Extra {
  readonly name: keyof StreamExtras & keyof ExtraOptions;
  readonly label: string;
  readonly flag: string;
  /** Whether some block has it. */
  has(description: Description): boolean;
  /** Why no block has it. */
  readonly without: string;
}

const EXTRAS: readonly Extra[] = [
  {
    name: "residMid",
    label: "resid_mid",
    flag: "--resid-mid",
    has: ({ resid_mid: tensors }) => tensors.some((tensor) => tensor !== null),
    without: "attention and MLP are added at once",
  },
  {
    name: "attentions",
    label: "attention",
    flag: "--attentions",
    has: ({ attentions }) => attentions.some((tensors) => tensors.length > 0),
    without: "fused operators keep its probabilities to themselves",
  },
];

/**
 * What is read beside the layers: what the flags ask for, and of what they do not name that which is read by default, where
 * the model has it and it costs less than the run itself, by a count that is the same on every machine. What is left out is
 * told. Texts are read here and once more where they are run: stdin must be one that can be read twice.
 *
 * @param byDefault - What is read where no flag names it.
 */
export async function chooseExtras(
  effects: Effects,
  model: Model,
  options: ExtraOptions & TextOptions,
  byDefault: StreamExtras,
): Promise<ChosenExtras> {
  const asked = { residMid: options.residMid ?? false, attentions: options.attentions ?? false };
  const open = EXTRAS.filter(({ name }) => options[name] === undefined && byDefault[name]);
  const here = open.filter((extra) => extra.has(model.description));
  const size = here.length === 0 ? null : await sizeOfTexts(effects, model, options);
  const costs = size && extraCosts(model.description, size.n, size.texts);
  const chosen = here.filter(({ name }) => costs?.[name]?.isCheap);
  const more = Object.fromEntries(chosen.map(({ name }) => [name, true]));
  if (chosen.length > 0) model.read(more);
  const states: Required<StreamExtras> = { ...asked, ...more };
  const spectra = asked.attentions || (states.attentions && (costs?.spectra?.isCheap ?? false));
  for (const extra of open.filter((one) => !chosen.includes(one))) {
    effects.say(leftOut(extra, model.description, size?.n, costs?.[extra.name]));
  }
  if (states.attentions && !spectra) {
    effects.say(`note: spectra of value and output weights are not measured: ${DEARER}. --attentions measures them`);
  }
  return { states, spectra };
}

const DEARER = "they would cost more than the run itself";

function leftOut(
  { label, flag, without, has }: Extra,
  description: Description,
  n: number | undefined,
  cost: ExtraCost | null | undefined,
): string {
  const what = `note: ${label} is not measured`;
  if (!has(description)) return `${what}: ${without}`;
  if (!cost) return `${what}: what it costs is not known before the model runs. ${flag} measures it`;
  const why = cost.bytes > MOST_BYTES ? `take more than ${MOST_BYTES / 2 ** 30} GiB` : "cost more than the run itself";
  return `${what}: of ${n} tokens it would ${why}. ${flag} measures it all the same`;
}

/** The texts' number, and the tokens of the longest; null where they are not known before the model runs. */
async function sizeOfTexts(
  effects: Effects,
  model: Model,
  options: TextOptions,
): Promise<{ readonly n: number; readonly texts: number } | null> {
  if (options.image) return patches(model, options.image.length);
  if (options.inputs !== undefined) {
    const inputs = await readInputs(resolve(effects.cwd, options.inputs));
    const shapes = Object.values(inputs).map(({ shape }) => shape);
    const images = shapes.find(({ length }) => length === 4);
    if (images) return patches(model, images[0]);
    const rows = shapes.filter(({ length }) => length === 2 || length === 3);
    return rows.length === 0 ? null : { n: Math.max(...rows.map(([, n]) => n)), texts: rows[0][0] };
  }
  const texts = await readTexts(effects, options, model.description.model === BUNDLED);
  const tokenizer = await model.tokenizer().catch(() => null); // What is wrong with it is said where it is used.
  if (tokenizer === null) return null;
  const lengths = texts.map(({ text }) => {
    try {
      return tokenizer.encode(text, { whole: true }).ids.length;
    } catch {
      return 0; // So with a text that cannot be read.
    }
  });
  const most = Math.min(tokenizer.limit, options.chunk?.size ?? tokenizer.limit);
  const windows = lengths.map((length) => Math.max(Math.ceil(length / most), 1));
  return { n: Math.min(Math.max(...lengths), most), texts: windows.reduce((sum, count) => sum + count, 0) };
}

/** The patches of an image and one token before them; null where config.json does not say. */
async function patches({ files: { config } }: Model, texts: number) {
  if (config === null) return null;
  const { image_size: size, patch_size: patch } = await readConfigObject(config);
  const side = Math.floor(Number(size) / Number(patch));
  return side > 0 ? { n: side ** 2 + 1, texts } : null;
}
