import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomNormal } from "d3-random";
import { sizeOf } from "../arrays/raw-tensor.ts";
import { TokensphereError } from "../errors.ts";
import { randomSource } from "../random.ts";
import type { Initialization, ParameterSource } from "./layers/parameter-source.ts";

/** Parameters drawn afresh: places are given out first, the numbers are drawn when the file is written. */
export interface RandomParameters extends ParameterSource {
  /** Writes all parameters that were placed into a new private folder. @throws TokensphereError `disk`. */
  write(): Promise<{ readonly folder: string; remove(): Promise<void> }>;
}

interface Drawn {
  readonly dims: readonly number[];
  readonly initial: Initialization;
}

const FILE = "random-parameters.bin";
const CHUNK = 1 << 18;

/** Parameters as they are before training: weights normal(0, σ), gains 1, shifts 0, the padding's row 0. */
export function randomParameters(seed: number): RandomParameters {
  const drawn: Drawn[] = [];
  let end = 0;
  return {
    place(_, dims, initial) {
      const length = 4 * sizeOf(dims);
      const place = { type: "float32", path: FILE, offset: end, length } as const;
      drawn.push({ dims, initial });
      end += length;
      return place;
    },
    async write() {
      try {
        const folder = await mkdtemp(join(tmpdir(), "tokensphere-random-"));
        const remove = () => rm(folder, { recursive: true, force: true });
        await writeAll(join(folder, FILE), chunks(drawn, seed)).catch(async (error: unknown) => {
          await remove();
          throw error;
        });
        return { folder, remove };
      } catch (error) {
        const what = `cannot write fresh weights of ${end} bytes: ${tmpdir()}`;
        throw new TokensphereError("disk", `${what}. make room, or set TMPDIR`, { cause: error });
      }
    },
  };
}

async function writeAll(path: string, parts: Iterable<Float32Array>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for (const part of parts) {
      await file.writeFile(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
  } finally {
    await file.close();
  }
}

/** The numbers of all parameters, one after the other, in pieces of at most 2¹⁸; each piece is used before the next. */
function* chunks(drawn: readonly Drawn[], seed: number): Generator<Float32Array, void, undefined> {
  const normal = randomNormal.source(randomSource(seed))(0, 1);
  const buffer = new Float32Array(CHUNK);
  for (const { dims, initial } of drawn) {
    const size = sizeOf(dims);
    for (let start = 0; start < size; start += CHUNK) {
      const part = buffer.subarray(0, Math.min(CHUNK, size - start));
      fill(part, start, dims, initial, normal);
      yield part;
    }
  }
}

function fill(
  part: Float32Array,
  start: number,
  dims: readonly number[],
  initial: Initialization,
  normal: () => number,
): void {
  if (initial.kind === "constant") {
    part.fill(initial.value);
    return;
  }
  for (let i = 0; i < part.length; i++) part[i] = initial.sd * normal();
  const row = initial.zeroRow ?? null;
  if (row === null) return;
  const width = dims[dims.length - 1];
  part.fill(0, clamp(row * width - start, part.length), clamp((row + 1) * width - start, part.length));
}

function clamp(at: number, length: number): number {
  return Math.max(0, Math.min(length, at));
}
