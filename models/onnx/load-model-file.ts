import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { TokensphereError } from "../errors.ts";
import { checkGraph } from "./check-graph.ts";
import { type OnnxGraph, readOnnxGraph } from "./graph.ts";
import { otherFormat } from "./other-formats.ts";

/** A model file in memory, read and hashed once. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Hexadecimal SHA-256 of the file. */
  readonly sha256: string;
  readonly graph: OnnxGraph;
}

/** @throws TokensphereError `input` for a file that is missing, empty, truncated, of another format or damaged; says which. */
export async function loadModelFile(path: string): Promise<ModelFile> {
  const bytes = await readBytes(path);
  const refuse = (what: string, remedy: string, cause?: unknown) =>
    new TokensphereError("input", `model cannot be used: ${path}: ${what}. ${remedy}`, { cause });
  if (bytes.length === 0) throw refuse("the file is empty", "fetch it again");
  try {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const graph = readOnnxGraph(bytes);
    checkGraph(graph);
    return { path, bytes, sha256, graph };
  } catch (error) {
    const other = otherFormat(bytes);
    if (other) throw refuse(other.what, other.remedy, error);
    if (error instanceof TokensphereError && extname(path) === ".onnx") {
      throw new TokensphereError("input", `model cannot be used: ${path}: ${error.message}`, { cause: error });
    }
    throw refuse("not a readable ONNX file", extname(path) === ".onnx" ? "fetch it again" : "give a .onnx file", error);
  }
}

/** Why a file is not read, by the system's code, and what helps. */
const UNREADABLE: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOENT: ["no such file", "check the path"],
  EACCES: ["reading it is not allowed", "check who may"],
  EISDIR: ["a folder", "give a file in it"],
  ERR_FS_FILE_TOO_LARGE: ["more than 2 GiB, which no ONNX file has", "export it with its weights in a file beside it"],
};

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const buffer = await readFile(path);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (error) {
    const [what, remedy] = UNREADABLE[String((error as NodeJS.ErrnoException).code)] ?? [
      "cannot be read",
      "check the path",
    ];
    throw new TokensphereError("input", `model cannot be used: ${path}: ${what}. ${remedy}`, { cause: error });
  }
}
