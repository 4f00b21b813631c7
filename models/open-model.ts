import { checkLayerCount } from "./check-states.ts";
import { TokensphereError } from "./errors.ts";
import { exposeOutputs, nameOutput } from "./expose-outputs.ts";
import { readExternalFiles } from "./external-files.ts";
import type { HiddenStates } from "./hidden-states.ts";
import { hubFiles } from "./hub-files.ts";
import { loadModelFile } from "./load-model-file.ts";
import { readModelConfig } from "./model-config.ts";
import { describeModel, type ModelDescription } from "./model-description.ts";
import { type Dtype, filesBeside, filesInFolder, type ModelFiles, referenceKind } from "./model-files.ts";
import type { OnnxGraph } from "./onnx-graph.ts";
import type { RawInputs } from "./raw-tensor.ts";
import { readStates } from "./read-states.ts";
import { findResidualStream, type ResidualStream } from "./residual-stream.ts";
import { type OptimisationLevel, openSession, type Session } from "./session.ts";
import { textInputs } from "./text-inputs.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";

export interface OpenOptions {
  /** Which of a model's files to take; default `fp32`. */
  readonly dtype?: Dtype;
  /** Threads within an operator; default: all cores. */
  readonly threads?: number;
  /** The level of optimisation tried first; default `extended`. */
  readonly level?: OptimisationLevel;
  /** Cut texts that are too long instead of refusing them; default false. */
  readonly truncate?: boolean;
  /** Environment variables for the hub (HF_HOME, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE); default none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told what the user should know: inputs filled in, texts cut. Each message once. */
  readonly warn?: (message: string) => void;
  /** Told of slow steps: files that are fetched. */
  readonly progress?: (message: string) => void;
}

/** What ran, for the record. */
export interface RunRecord {
  readonly level: OptimisationLevel;
  readonly threads: number;
  readonly precision: string;
  readonly provider: "cpu";
}

/** An open model. It holds native memory from the first `states` until it is closed. */
export interface Model {
  readonly description: ModelDescription;
  readonly files: ModelFiles;
  /** The tokenizer, loaded at first use. @throws TokensphereError `input` where the model has none. */
  tokenizer(): Promise<Tokenizer>;
  /**
   * Hidden states of one text (a batch of 1, with tokens and special positions) or of raw inputs (a row is a text).
   *
   * @throws TokensphereError `input` where the text or inputs cannot be used, or the states fail the self-check.
   */
  states(input: string | RawInputs): Promise<HiddenStates>;
  /** What ran; null before the first `states`. */
  ran(): RunRecord | null;
  close(): Promise<void>;
}

/**
 * Opens a model: a hub id, a folder or a .onnx file. Reads the graph and finds the residual stream; weights are handed
 * to ONNX Runtime at the first `states`.
 *
 * @throws TokensphereError `input` for a file that cannot be used, `environment` for the hub's failures.
 */
export async function openModel(reference: string, options: OpenOptions = {}): Promise<Model> {
  const files = await findFiles(reference, options);
  const file = await loadModelFile(files.onnx);
  const { graph, path } = file;
  let bytes: Uint8Array = file.bytes;
  const config = await readModelConfig(files.config);
  const stream = findResidualStream(graph);
  checkLayerCount(stream.layers, config.layers);
  const description = describeModel(reference, file, stream, config);
  const warn = onceEach(options.warn ?? (() => undefined));
  const session = lazy(() => {
    const exposed = exposeStream(bytes, stream);
    bytes = new Uint8Array(); // The runtime makes a copy of its own: three of a large file would be too many.
    return openStreamSession(exposed, graph, path, options);
  });
  const tokenizer = lazy(() => openTokenizer(files, config.positions, reference));
  let record: RunRecord | null = null;
  return {
    description,
    files,
    tokenizer: tokenizer.get,
    async states(input) {
      const text =
        typeof input === "string"
          ? textInputs(await tokenizer.get(), input, graph, stream.source, options, warn)
          : null;
      const running = await session.get();
      record = { level: running.level, threads: running.threads, precision: description.precision, provider: "cpu" };
      const states = await readStates(
        running,
        graph,
        stream,
        text?.inputs ?? (input as RawInputs),
        config.positions,
        text ? null : warn,
      );
      return text ? { ...states, tokens: [text.encoded.tokens], special: text.encoded.special } : states;
    },
    ran: () => record,
    async close() {
      await session.peek()?.then((open) => open.close());
    },
  };
}

/** What `inspect` shows; the model is not run. */
export async function inspectModel(reference: string, options: OpenOptions = {}): Promise<ModelDescription> {
  return (await openModel(reference, options)).description;
}

/** States of one text after the other, so that no more than one text's need be held. */
export async function* statesOfTexts(
  model: Model,
  texts: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<HiddenStates, void, undefined> {
  for await (const text of texts) yield await model.states(text);
}

async function findFiles(reference: string, options: OpenOptions): Promise<ModelFiles> {
  const kind = await referenceKind(reference);
  const dtype = options.dtype ?? "fp32";
  if (kind === "file") return filesBeside(reference);
  if (kind === "folder") return filesInFolder(reference, dtype);
  const { env = {}, progress } = options;
  return hubFiles(reference, { env, dtype, ...(progress ? { progress } : {}) });
}

function exposeStream(bytes: Uint8Array, stream: ResidualStream): Uint8Array {
  let named = bytes;
  for (const { nodeStart, output, tensor } of stream.omitted) named = nameOutput(named, nodeStart, output, tensor);
  const tensors = stream.points.map(({ tensor }) => tensor);
  return exposeOutputs(named, tensors);
}

async function openStreamSession(
  bytes: Uint8Array,
  graph: OnnxGraph,
  path: string,
  { threads, level }: OpenOptions,
): Promise<Session> {
  const externalData = await readExternalFiles(graph, path);
  return openSession(bytes, { externalData, ...(threads ? { threads } : {}), ...(level ? { level } : {}) });
}

async function openTokenizer(files: ModelFiles, positions: number | null, reference: string): Promise<Tokenizer> {
  if (files.tokenizer) return loadTokenizer(files.tokenizer, positions);
  const remedy = "put tokenizer.json beside it, or give raw inputs with --inputs";
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
