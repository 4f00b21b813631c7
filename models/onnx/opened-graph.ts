import type { HashedFile } from "../arrays/hash-file.ts";
import type { OnnxGraph } from "./graph.ts";
import type { SessionOptions } from "./session.ts";

/** A model as a graph, wherever that came from: an ONNX file, or one written for a checkpoint. */
export interface OpenedGraph {
  readonly source: "onnx" | "checkpoint";
  /** The file that names the model in messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Of the file of weights; of several, see `hashOfAll`. */
  readonly sha256: string;
  readonly files: readonly HashedFile[];
  readonly graph: OnnxGraph;
  /** What a user should know of the files; none where it is missing. */
  readonly warnings?: readonly string[];
  /** Where weights that lie in files of their own can be read from; null: nowhere that stays. */
  readonly weightsFolder: string | null;
  /** How `position_ids` are filled in: over the positions that the mask keeps; default false: over all. */
  readonly positionsByMask?: boolean;
  /** In words; null: as the products of the graph tell. */
  readonly precision: string | null;
  /** Called before each session: where the weights are. `release`, which may be called twice, when they are read or mapped. */
  readonly prepare: () => Promise<{
    readonly options: Pick<SessionOptions, "externalData" | "externalFolder" | "foldConstants">;
    release(): Promise<void>;
  }>;
}
