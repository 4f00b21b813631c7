import type { RawInputs } from "./arrays/raw-tensor.ts";
import { attentionWeights, type BlockAttention } from "./attention-weights/attention-weights.ts";
import { option, TokensphereError } from "./errors.ts";
import { type ModelConfig, readModelConfig } from "./files/model-config.ts";
import { filesBeside, filesInFolder, type ModelFiles, referenceKind } from "./files/model-files.ts";
import { checkOverrides, type Overrides } from "./files/overrides.ts";
import { checkBlobs } from "./hub/blobs.ts";
import { hubFiles } from "./hub/files.ts";
import { paddedInputs } from "./inputs/fill-inputs.ts";
import { type ImageReader, openImageReader } from "./inputs/image-inputs.ts";
import { keptStates, type Removal, removalOf, withoutTokens } from "./inputs/remove-tokens.ts";
import { shufflingTokenizer } from "./inputs/shuffle-tokens.ts";
import { checkInput, checkTexts, encodeText, requireTextModel, textInputs } from "./inputs/text-inputs.ts";
import { type EncodedText, loadTokenizer, type Tokenizer } from "./inputs/tokenizer.ts";
import { describeModel, type ModelDescription } from "./model-description.ts";
import { checkProviders, type OptimizationLevel } from "./onnx/create-session.ts";
import { exposeOutputs, nameOutput } from "./onnx/expose-outputs.ts";
import { indexGraph } from "./onnx/graph-index.ts";
import { graphSkeleton } from "./onnx/graph-skeleton.ts";
import type { OpenedGraph } from "./onnx/opened-graph.ts";
import { openSession, type Session } from "./onnx/session.ts";
import { openGraph } from "./open-graph.ts";
import type { OpenOptions } from "./open-options.ts";
import { checkLayerCount } from "./states/check-states.ts";
import { firstPositions } from "./states/first-positions.ts";
import { type InputRun, readStates } from "./states/read-states.ts";
import { readSteps } from "./states/read-steps.ts";
import { areTokensFirst, tokensDown } from "./states/token-axis.ts";
import { feedBlocks } from "./stream/feed-blocks.ts";
import type { HiddenStates } from "./stream/hidden-states.ts";
import { reachableFrom } from "./stream/live-graph.ts";
import { findResidualStream, type ResidualStream } from "./stream/residual-stream.ts";
import { checkExtras, extraTensors, type StreamExtras } from "./stream/stream-extras.ts";
import { type BlockValueOutput, type NoValueOutput, valueOutputs } from "./value-output/value-output.ts";

/** What ran, for the record. */
export interface RunRecord {
  readonly level: OptimizationLevel;
  readonly threads: number;
  readonly precision: string;
  readonly providers: readonly string[];
}

/** A text as it is, as its tokens, or as raw inputs. */
export type ModelInput = string | EncodedText | RawInputs;

/** What is said of an input beside it. */
export interface AboutInput {
  /** What the warning calls a text that is cut. */
  readonly name?: string;
  /**
   * `[batch, n]`: 1 where a token is taken out of the context of the others, in the way that `Model.removal` says. Under a mask
   * its states are there and not counted; else there are none of it.
   */
  readonly removed?: Uint8Array;
}

/** An open model. It holds native memory from the first `states` until it is closed. */
export interface Model {
  readonly description: ModelDescription;
  readonly files: ModelFiles;
  /** The tokenizer, loaded at first use. @throws TokensphereError `input` where the model has none. */
  tokenizer(): Promise<Tokenizer>;
  /** Reads image files as the model wants them. @throws TokensphereError `input` where the model takes none. */
  images(): Promise<ImageReader>;
  /**
   * Hidden states of one text, as it is or as its tokens (a batch of 1, with tokens and special positions), or of raw
   * inputs (a row is a text).
   *
   * @throws TokensphereError `input` where the text or inputs cannot be used, or the states fail the self-check, `usage` for
   *   what is neither.
   */
  states(input: ModelInput, about?: AboutInput): Promise<HiddenStates>;
  /**
   * What each block makes of given states, all in one run of a graph of its own: layers 1 … L, where layer k + 1 is block k
   * after layer k of `from`. With no token taken out, the states of the input itself are handed on unchanged.
   *
   * @param from states of this input, no token taken out.
   * @throws TokensphereError `input` as `states` does, and where blocks cannot be fed: fused operators, half precision.
   */
  steps(input: ModelInput, from: HiddenStates, about?: AboutInput): Promise<HiddenStates>;
  /** How tokens are taken out of the context of the others; null where a model takes no token ids. */
  removal(): Removal | null;
  /**
   * Reads this too, beside what it was opened for, in all `states` from now on: before the first of them.
   *
   * @throws TokensphereError `input` where no block has it.
   */
  read(extras: StreamExtras): void;
  /**
   * The value and output weights of every head, block after block, read from the file when they are asked for; and queries, keys with them.
   *
   * @throws TokensphereError `input` for a file of weights that is gone.
   */
  valueOutputs(): AsyncGenerator<BlockValueOutput | NoValueOutput, void, undefined>;
  attentionWeights(): AsyncGenerator<BlockAttention | NoValueOutput, void, undefined>;
  /** Asks the runtime for the graph: its operators, types and shapes; the weights only where it refuses. @throws TokensphereError `input` where it does. */
  check(): Promise<void>;
  /** What ran; null before the first `states`. */
  ran(): RunRecord | null;
  close(): Promise<void>;
}

/**
 * Opens a model: a hub id, a folder, a .onnx file or a checkpoint's .safetensors file. Reads or writes the graph and
 * finds the residual stream; weights are handed to ONNX Runtime at the first `states`. A folder that holds both an ONNX
 * file and a checkpoint is read as ONNX unless an override needs the checkpoint, or attention that the ONNX file hides.
 *
 * @throws TokensphereError `usage` for a provider that is not known, `input` for a file that cannot be used, `environment`
 *   for the hub's failures.
 */
export async function openModel(reference: string, options: OpenOptions = {}): Promise<Model> {
  const overrides = checkOverrides(options);
  if (options.providers) checkProviders(options.providers);
  const files = await findFiles(reference, options);
  const warn = onceEach(options.warn ?? (() => undefined));
  const opened = await openGraph(reference, files, overrides, options, warn);
  await checkBlobs(opened);
  const { graph } = opened;
  const own = await readModelConfig(files.config);
  const config = overridden(own, overrides);
  const stream = findResidualStream(graph, options.stream);
  if (options.stream === undefined) checkLayerCount(stream.layers, config.layers); // That of the stream it speaks of.
  opened.warnings?.forEach(warn);
  tellStreams(stream, options.stream, warn);
  let extras: StreamExtras = options;
  checkExtras(stream, extras, warn);
  const description = describeModel(reference, opened, stream, own, overrides);
  let bytes = opened.bytes;
  const session = lazy(async () => {
    const exposed = exposeStream(bytes, stream, extras);
    bytes = new Uint8Array(); // The runtime makes a copy of its own: three of a large file would be too many.
    return openStreamSession(exposed, opened, options);
  });
  const fed = lazy(() => openFedSession(exposeStream(opened.bytes, stream), stream, opened, options));
  let turned: boolean | null = opened.source === "checkpoint" ? false : null; // What we draw, we know.
  const counting = { positions: config.positions, positionsByMask: opened.positionsByMask ?? false };
  const run: InputRun = { graph, stream, ...counting, reads: readers(graph, stream) };
  const needs = { inputs: graph.inputs, source: stream.source, reads: run.reads };
  const tokenizer = lazy(() => openTokenizer(files, config.positions, reference, overrides));
  let way: Removal | null | undefined;
  const removal = (): Removal | null => {
    way = way === undefined ? removalOf(graph.inputs, stream.source, run.reads) : way;
    return way;
  };
  let record: RunRecord | null = null;
  const prepare = async (input: ModelInput, { name, removed }: AboutInput): Promise<PreparedInput> => {
    checkInput(input);
    if (isRaw(input) && overrides.shuffleTokens !== undefined) throw unknownTemplate();
    if (!isRaw(input)) requireTextModel(graph, stream.source);
    const encoded = typeof input === "string" ? encodeText(await tokenizer.get(), input, options, warn, name) : input;
    const raw = isRaw(encoded) ? encoded : textInputs(encoded, graph, stream.source);
    const known = isRaw(encoded) ? null : { tokens: [encoded.tokens], special: encoded.special };
    if (removed === undefined) return { raw, known };
    const way = removal();
    if (way === null) throw noTokens(stream.source);
    const rest = withoutTokens({ way, inputs: graph.inputs, source: stream.source }, raw, removed);
    return { raw: rest, known: known && way !== "mask" ? keptTokens(known, removed) : known };
  };
  return {
    description,
    files,
    removal,
    tokenizer: tokenizer.get,
    images: () => openImageReader(files, graph, stream.source, reference),
    async states(input, about = {}) {
      const { raw, known } = await prepare(input, about);
      const running = await session.get();
      const { level, threads, providers } = running;
      record = { level, threads, precision: description.precision, providers };
      const say = known === null ? warn : null;
      const padded = paddedInputs(needs, raw);
      turned ??= await areTokensFirst(running, run, padded);
      if (turned && about.removed) throw tokensFirst(stream.source);
      const laid = turned && known ? tokensDown(run, padded) : padded;
      if (turned) warn(`${stream.source} is [tokens, texts]: attention mixes its first axis`);
      const states = await readStates(running, run, laid, say, extras, turned);
      if (padded === raw) return { ...states, ...known };
      warn(`exported for exactly ${states.n} tokens: shorter rows are padded to that under their mask`);
      return { ...firstPositions(states, raw[stream.source].shape[1]), ...known };
    },
    async steps(input, from, about = {}) {
      const { raw, known } = await prepare(input, about);
      const { removed } = about;
      if (turned) throw tokensFirst(stream.source);
      const starts = removed && removal() !== "mask" ? keptStates(from, removed) : from;
      const states = await readSteps(await fed.get(), run, raw, starts);
      return { ...states, ...known };
    },
    read(more) {
      if (session.peek() !== null) throw new Error("read: the model runs already");
      checkExtras(stream, more, warn);
      extras = {
        residMid: more.residMid || extras.residMid || false,
        attentions: more.attentions || extras.attentions || false,
      };
    },
    valueOutputs: () => valueOutputs(opened, stream, description.heads),
    attentionWeights: () => attentionWeights(opened, stream, description.heads),
    async check() {
      if (session.peek() !== null) return;
      const bare = graphSkeleton(opened.bytes, graph);
      const checked = await openSession(bare, { level: "disabled", threads: 1, ...providersOf(options) }).catch(
        () => null,
      );
      if (checked) await checked.close();
      else await session.get(); // Some operators want their weights as constants; what is refused now is refused.
    },
    ran: () => record,
    async close() {
      for (const one of [session, fed]) {
        await one.peek()?.then(
          (open) => open.close(),
          () => undefined, // What could not be opened was told then.
        );
      }
    },
  };
}

/** What `inspect` shows; the model is not run. */
export async function inspectModel(reference: string, options: OpenOptions = {}): Promise<ModelDescription> {
  return (await openModel(reference, options)).description;
}

/**
 * States of one text after the other, so that no more than one text's need be held.
 * @throws TokensphereError `usage` for what is no list of texts.
 */
export async function* statesOfTexts(
  model: Model,
  texts: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<HiddenStates, void, undefined> {
  checkTexts(texts);
  let place = 0;
  for await (const text of texts) yield await model.states(text, { name: `text ${place++}` });
}

async function findFiles(reference: string, options: OpenOptions): Promise<ModelFiles> {
  const kind = await referenceKind(reference, options.revision);
  const dtype = options.dtype ?? "fp32";
  if (kind === "file") return filesBeside(reference);
  if (kind === "folder") return filesInFolder(reference, dtype, options.randomInit !== undefined);
  const { env = {} } = options;
  return hubFiles(reference, { ...options, env, dtype, overrides: checkOverrides(options) });
}

/** Inputs of a run, and what is known of their tokens. */
interface PreparedInput {
  readonly raw: RawInputs;
  readonly known: { readonly tokens: readonly (readonly string[])[]; readonly special: Uint8Array } | null;
}

function keptTokens({ tokens, special }: NonNullable<PreparedInput["known"]>, removed: Uint8Array) {
  const stays = (_: unknown, i: number) => removed[i] === 0;
  return { tokens: [tokens[0].filter(stays)], special: special.filter(stays) };
}

/** Which of several streams is read, and how another one is chosen. */
function tellStreams({ streams }: ResidualStream, asked: string | undefined, warn: (message: string) => void): void {
  if (streams.length < 2 || asked !== undefined) return;
  const listed = streams.map(({ name, layers }) => `${name} (${layers} block${layers === 1 ? "" : "s"})`).join(", ");
  const read = streams.find((one) => one.read)?.name;
  warn(
    `the model has ${streams.length} streams: ${listed}. read is ${read}; choose another with ${option("stream", "NAME")}`,
  );
}

function tokensFirst(source: string): TokensphereError {
  const what = `blocks cannot be run one by one: ${source} is [tokens, texts]`;
  return new TokensphereError("input", `${what}. export the model with the batch first`);
}

function noTokens(source: string): TokensphereError {
  const what = `tokens cannot be taken out: the model starts from ${source}, which is no row of token ids`;
  return new TokensphereError("input", `${what}. give a model of texts`);
}

/** Whether the last state depends on an input. */
function readers(graph: OpenedGraph["graph"], { points, layers }: ResidualStream): (name: string) => boolean {
  const index = indexGraph(graph);
  return (name) => reachableFrom(index, name).has(index.producer.get(points[layers].tensor) ?? -1);
}

function exposeStream(bytes: Uint8Array, stream: ResidualStream, extras: StreamExtras = {}): Uint8Array {
  let named = bytes;
  for (const { nodeStart, output, tensor } of stream.omitted) named = nameOutput(named, nodeStart, output, tensor);
  const tensors = stream.points.map(({ tensor }) => tensor);
  return exposeOutputs(named, [...tensors, ...extraTensors(stream, extras)]);
}

const providersOf = ({ providers }: OpenOptions) => (providers ? { providers } : {});

async function openStreamSession(bytes: Uint8Array, opened: OpenedGraph, asked: OpenOptions): Promise<Session> {
  const { options, release } = await opened.prepare();
  try {
    const session = await openSession(bytes, {
      ...options,
      spin: asked.spin ?? true,
      ...(asked.threads ? { threads: asked.threads } : {}),
      ...(asked.level ? { level: asked.level } : {}),
      ...providersOf(asked),
    });
    await release().catch(() => undefined); // What is mapped needs no name any more; Windows keeps it until the close.
    return { ...session, close: () => session.close().finally(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

/** A session whose blocks start from states that are given. */
async function openFedSession(
  bytes: Uint8Array,
  stream: ResidualStream,
  opened: OpenedGraph,
  options: OpenOptions,
): Promise<Session> {
  const fed = feedBlocks(bytes, stream);
  return openStreamSession(fed, opened, options).catch((cause) => {
    const what = "blocks cannot be run one by one: the runtime takes no float32 states between them";
    throw new TokensphereError("input", `${what}. give the model in single precision`, { cause });
  });
}

function overridden(config: ModelConfig, { depth, heads }: Overrides): ModelConfig {
  return { ...config, layers: depth ?? config.layers, heads: heads ?? config.heads };
}

/** Tensors by name, and no list of ids. */
function isRaw(input: ModelInput): input is RawInputs {
  return typeof input !== "string" && !Array.isArray(input.ids);
}

function unknownTemplate(): TokensphereError {
  const what = "tokens cannot be shuffled: neither raw inputs nor images say which of them a template added";
  return new TokensphereError("input", `${what}. give a text, or inputs that are shuffled already`);
}

async function openTokenizer(
  files: ModelFiles,
  positions: number | null,
  reference: string,
  { shuffleTokens }: Overrides,
): Promise<Tokenizer> {
  if (files.tokenizer) {
    const tokenizer = await loadTokenizer(files.tokenizer, positions);
    return shuffleTokens === undefined ? tokenizer : shufflingTokenizer(tokenizer, shuffleTokens);
  }
  const remedy = `put tokenizer.json beside it, or give raw inputs with ${option("inputs")}`;
  throw new TokensphereError("input", `model without a tokenizer: ${reference}. ${remedy}`);
}

function onceEach(warn: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    warn(message);
  };
}

function lazy<T>(make: () => Promise<T>) {
  let made: Promise<T> | null = null;
  return {
    get: (): Promise<T> => {
      made ??= make();
      return made;
    },
    peek: (): Promise<T> | null => made,
  };
}
