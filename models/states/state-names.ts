/** A way in which tools name the layers of saved states. */
interface NameForm {
  /** One array of all layers; its group is `text.i.`. */
  readonly stack?: RegExp;
  /** An array of one layer; its groups are `text.i.` and the number. */
  readonly numbered: readonly { readonly pattern: RegExp; readonly first: number }[];
  /** Name of a layer, for messages. */
  readonly name: (layer: number) => string;
  /** Name of the norm after the last block. */
  readonly finalNorm?: string;
  /** Whether a name says that it lies behind a block, so that layers from 1 on are known for what they are without an embedding. */
  readonly behindBlocks?: boolean;
}

const one = (pattern: RegExp) => [{ pattern, first: 0 }];

/** The ways, the first of which that a file's names know is taken. `first` is the layer that the number 0 means. */
const FORMS: readonly NameForm[] = [
  {
    stack: /^(text\.\d+\.)?hidden_states$/,
    numbered: one(/^(text\.\d+\.)?hidden_states[._](\d+)$/),
    name: (layer) => `hidden_states.${layer}`,
    finalNorm: "final_norm",
  },
  ...["encoder", "decoder"].map((part) => ({
    stack: new RegExp(`^()${part}_hidden_states$`),
    numbered: one(new RegExp(`^()${part}_hidden_states[._](\\d+)$`)),
    name: (layer: number) => `${part}_hidden_states.${layer}`,
  })),
  {
    // TransformerLens: what block k starts from is layer k, what it gives is layer k + 1.
    numbered: [
      { pattern: /^()blocks\.(\d+)\.hook_resid_pre$/, first: 0 },
      { pattern: /^()blocks\.(\d+)\.hook_resid_post$/, first: 1 },
    ],
    name: (layer) => (layer === 0 ? "blocks.0.hook_resid_pre" : `blocks.${layer - 1}.hook_resid_post`),
    finalNorm: "ln_final.hook_normalized",
    behindBlocks: true,
  },
  { numbered: one(/^()(?:layers?|block|h|resid)[._-]?(\d+)$/), name: (layer) => `layer_${layer}` },
  { numbered: one(/^()(\d+)$/), name: (layer) => String(layer) },
  { numbered: one(/^()arr_(\d+)$/), name: (layer) => `arr_${layer}` },
];

/** How numpy.savez names a stack that was given without a name. */
const LONE_STACK = "arr_0";

/** The layers of one text in a file, by the names of their arrays. */
export interface NamedStates {
  /** Nothing, or `text.i.`. */
  readonly prefix: string;
  /** The one array that holds all layers; null where they are numbered. */
  readonly stack: string | null;
  readonly layers: ReadonlyMap<number, string>;
  /** What a layer would be called. */
  readonly name: (layer: number) => string;
  readonly finalNorm: string | null;
  /** Whether layer 0 may be missing. */
  readonly behindBlocks: boolean;
}

/**
 * Finds states among the names of a file.
 *
 * @returns one entry a text, in the order of their numbers; empty where no name is that of states.
 */
export function namedStates(names: readonly string[]): NamedStates[] {
  const form = formOf(names);
  if (!form) return [];
  const texts = new Map<string, { stack: string | null; layers: Map<number, string> }>();
  const textOf = (prefix: string) => {
    const text = texts.get(prefix) ?? { stack: null, layers: new Map<number, string>() };
    texts.set(prefix, text);
    return text;
  };
  for (const name of names) {
    const stack = form.stack?.exec(name);
    const found = stack ? null : matched(form.numbered, name);
    if (stack) textOf(stack[1] ?? "").stack = name;
    if (found && !textOf(found.prefix).layers.has(found.layer)) textOf(found.prefix).layers.set(found.layer, name);
  }
  const numberOf = (prefix: string): number => Number(prefix.split(".")[1] ?? -1);
  return [...texts]
    .sort(([a], [b]) => numberOf(a) - numberOf(b))
    .map(([prefix, text]) => ({
      prefix,
      ...aloneAsStack(text),
      name: form.name,
      finalNorm: finalNormOf(form, prefix, names),
      behindBlocks: form.behindBlocks ?? false,
    }));
}

function formOf(names: readonly string[]): NameForm | undefined {
  return FORMS.find(({ stack, numbered }) => names.some((name) => stack?.test(name) || matched(numbered, name)));
}

/** Whether names are those of hidden states: a checkpoint has none of them. */
export function namesStates(names: readonly string[]): boolean {
  return namedStates(names).some(({ stack, layers }) => stack !== null || !layers.get(0)?.startsWith("arr_"));
}

/** The first name that begins as a layer's and is none, as `hidden_states.2x`: left out, it would be one layer less. Null: none. */
export function brokenLayerName(names: readonly string[]): string | null {
  const form = formOf(names);
  const numbered = form?.numbered ?? [];
  const begins = numbered.map(({ pattern }) => new RegExp(pattern.source.replace("(\\d+)", "(\\d.*)")));
  const broken = names.find((name) => begins.some((begin) => begin.test(name)) && matched(numbered, name) === null);
  return broken ?? null;
}

/** The halves of a model that has an encoder and a decoder, where a file holds the states of both. */
export function holdsBothHalves(names: readonly string[]): boolean {
  return ["encoder", "decoder"].every((part) => names.some((name) => name.startsWith(`${part}_hidden_states`)));
}

/** Where several numbers mean one layer, as what a block gives and the next one starts from, the first name stands. */
function matched(numbered: NameForm["numbered"], name: string): { prefix: string; layer: number } | null {
  for (const { pattern, first } of numbered) {
    const match = pattern.exec(name);
    if (match) return { prefix: match[1] ?? "", layer: Number(match[2]) + first };
  }
  return null;
}

function aloneAsStack({ stack, layers }: { stack: string | null; layers: Map<number, string> }) {
  const alone = layers.size === 1 && layers.get(0) === LONE_STACK;
  if (alone) return { stack: LONE_STACK, layers: new Map<number, string>() };
  return { stack: layers.size > 0 ? null : stack, layers };
}

function finalNormOf({ finalNorm }: NameForm, prefix: string, names: readonly string[]): string | null {
  const name = finalNorm === undefined ? null : `${prefix}${finalNorm}`;
  return name !== null && names.includes(name) ? name : null;
}
