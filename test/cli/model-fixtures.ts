import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpackFixtures } from "../models/unpack-fixtures.ts";

/** Tiny real models and an empty folder to run commands in. */
export interface ModelFixtures {
  readonly cwd: string;
  readonly model: (name: string, file?: string) => string;
  readonly folder: (name: string) => string;
  /** Raw inputs of two sequences, the second right-padded where the model takes a mask. */
  readonly inputs: (name: string) => string;
  readonly remove: () => Promise<void>;
}

export async function modelFixtures(...names: readonly string[]): Promise<ModelFixtures> {
  const fixtures = await unpackFixtures(...names);
  const cwd = mkdtempSync(join(tmpdir(), "tokensphere-cli-"));
  return {
    cwd,
    model: (name, file = "model.onnx") => join(fixtures.folder, name, file),
    folder: (name) => join(fixtures.folder, name),
    inputs: (name) => join(fixtures.folder, name, "inputs.json"),
    async remove() {
      rmSync(cwd, { recursive: true, force: true });
      await fixtures.remove();
    },
  };
}

interface JsonTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** Writes one row of a file of inputs, cut to its first `length` positions, as a file of its own. */
export function cutInputs(from: string, row: number, length: number, to: string): void {
  const inputs = JSON.parse(readFileSync(from, "utf8")) as Record<string, JsonTensor>;
  const cut = Object.entries(inputs).map(([name, { dtype, shape, data }]) => {
    const start = row * shape[1];
    return [name, { dtype, shape: [1, length], data: data.slice(start, start + length) }] as const;
  });
  writeFileSync(to, JSON.stringify(Object.fromEntries(cut)));
}
