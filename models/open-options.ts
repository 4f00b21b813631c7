import type { Dtype } from "./files/model-files.ts";
import type { Overrides } from "./files/overrides.ts";
import type { Transfer } from "./hub/client.ts";
import type { OptimizationLevel } from "./onnx/create-session.ts";
import type { StreamExtras } from "./stream/stream-extras.ts";

/** How a model is opened. */
export interface OpenOptions extends Overrides, StreamExtras {
  /** Which of a model's files to take; default `fp32`. */
  readonly dtype?: Dtype;
  /** Threads within an operator; default: all cores. */
  readonly threads?: number;
  /**
   * Whether threads that wait for the next operator spin, as in ONNX Runtime by itself; default true: a run is up to a quarter sooner
   * where nothing works beside it. False where something does, from which they would take its core.
   */
  readonly spin?: boolean;
  /** The level of optimization tried first; default `extended`. */
  readonly level?: OptimizationLevel;
  /** Execution providers of ONNX Runtime, in the order in which they are asked; default `["cpu"]`. */
  readonly providers?: readonly string[];
  /** Cut texts that are too long instead of refusing them; default false. */
  readonly truncate?: boolean;
  /** Which of several streams is read, by its name in `description.streams`; default: the one that adds attention most often. */
  readonly stream?: string;
  /** Branch, tag or commit of a model on the hub; default `main`. */
  readonly revision?: string;
  /** Take what the cache of the hub holds and ask nobody; default false. */
  readonly localFilesOnly?: boolean;
  /** Environment variables for the hub (HF_HOME, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE); default none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told what the user should know: inputs filled in, texts cut. Each message once. */
  readonly warn?: (message: string) => void;
  /** Told of slow steps: files that are fetched. */
  readonly progress?: (message: string) => void;
  /** Told of the bytes of a file from the hub as they come. */
  readonly transfer?: (transfer: Transfer) => void;
}
