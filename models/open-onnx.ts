import { basename, dirname } from "node:path";
import { hashOfAll } from "./arrays/hash-file.ts";
import { externalWeights, hashExternalFiles } from "./onnx/external-files.ts";
import { readOnnxGraph } from "./onnx/graph.ts";
import { loadModelFile } from "./onnx/load-model-file.ts";
import type { OpenedGraph } from "./onnx/opened-graph.ts";
import { loopBlocks } from "./stream/loop-blocks.ts";
import { findResidualStream } from "./stream/residual-stream.ts";

/**
 * The graph of an ONNX file, at another depth where that is asked for.
 *
 * @throws TokensphereError `input` for a file that cannot be used, or whose blocks cannot be repeated.
 */
export async function openOnnx(path: string, depth?: number, stream?: string): Promise<OpenedGraph> {
  const { bytes, sha256, graph } = await loadModelFile(path);
  const prepare = async () => ({
    options: await externalWeights(graph, path),
    release: async () => undefined,
  });
  const files = [{ name: basename(path), sha256 }, ...(await hashExternalFiles(graph, path))];
  const opened = {
    source: "onnx",
    path,
    sha256: hashOfAll(files),
    files,
    precision: null,
    prepare,
    weightsFolder: dirname(path),
  } as const;
  if (depth === undefined) return { ...opened, bytes, graph };
  const looped = loopBlocks(bytes, findResidualStream(graph, stream), depth);
  return { ...opened, bytes: looped, graph: readOnnxGraph(looped) };
}
