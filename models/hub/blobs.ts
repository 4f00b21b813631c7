import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { TokensphereError } from "../errors.ts";
import type { OpenedGraph } from "../onnx/opened-graph.ts";

/**
 * Holds the hashes of a model's files against the names that the hub's cache gives large ones: a file damaged after it
 * was fetched is caught. Files elsewhere pass.
 *
 * @throws TokensphereError `input` for a file whose bytes are not those of its name.
 */
export async function checkBlobs({ path, files }: Pick<OpenedGraph, "path" | "files">): Promise<void> {
  for (const { name, sha256 } of files) {
    const blob = await realpath(join(dirname(path), name)).catch(() => "");
    const expected = basename(blob);
    if (basename(dirname(blob)) !== "blobs" || !/^[0-9a-f]{64}$/.test(expected) || expected === sha256) continue;
    const what = `damaged file in the cache: ${join(dirname(path), name)}: its bytes are not those the hub gave`;
    throw new TokensphereError("input", `${what}. remove ${blob} and fetch it again`);
  }
}
