import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokensphereError } from "../../models/errors.ts";
import { readOnnxGraph } from "../../models/onnx-graph.ts";
import { findResidualStream } from "../../models/residual-stream.ts";
import { fieldFloats, fieldInts, fieldText, readFields } from "../../models/wire-reader.ts";
import { bytesField, concatBytes, floatField, intField } from "../../models/wire-writer.ts";

const packed = readFileSync(new URL("../fixtures/models/bert/model_extdata.onnx.gz", import.meta.url));
const model = new Uint8Array(gunzipSync(packed));

/** Damaged bytes must be read, or refused with a message for the user: any other error is ours. */
function readOrRefuse(bytes: Uint8Array): void {
  try {
    findResidualStream(readOnnxGraph(bytes));
  } catch (error) {
    if (!(error instanceof TokensphereError) || error.kind !== "input") throw error;
  }
}

describe("the wire format", () => {
  it("reads back integers of 53 bits and both signs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1 << 20 }), fc.maxSafeInteger(), (id, value) => {
        const [field] = readFields(intField(id, value));
        expect([field.field, field.value]).toEqual([id, value]);
      }),
      { seed: 1 },
    );
  });

  it("reads back texts, floats and nested messages", () => {
    const bytes = bytesField(3, [bytesField(1, "β"), floatField(2, 0.5), intField(4, -1)]);
    const [outer] = readFields(bytes);
    const [text, float, int] = readFields(bytes, outer.start, outer.end);
    expect(fieldText(bytes, text)).toBe("β");
    expect(fieldFloats(bytes, float)).toEqual([0.5]);
    expect(fieldInts(bytes, int)).toEqual([-1]);
  });

  it("reads packed integers", () => {
    const bytes = bytesField(1, Uint8Array.of(1, 0x96, 0x01));
    const [field] = readFields(bytes);
    expect(fieldInts(bytes, field)).toEqual([1, 150]);
  });

  it("refuses a varint without an end", () => {
    expect(() => [...readFields(new Uint8Array(20).fill(0xff))]).toThrow(/malformed or truncated at byte 0/);
  });

  it("refuses a field longer than its message", () => {
    expect(() => [...readFields(Uint8Array.of(0x0a, 5, 1))]).toThrow(TokensphereError);
  });
});

describe("a damaged model", () => {
  it("is refused or read when truncated anywhere", () => {
    fc.assert(
      fc.property(fc.nat(model.length), (length) => readOrRefuse(model.subarray(0, length))),
      { seed: 2, numRuns: 150 },
    );
  });

  it("is refused or read when bytes are changed", () => {
    const changes = fc.array(fc.tuple(fc.nat(model.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = model.slice();
        for (const [at, value] of list) bytes[at] = value;
        readOrRefuse(bytes);
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  it("is refused when it is any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readOrRefuse(bytes)),
      { seed: 4, numRuns: 500 },
    );
  });

  it("is refused when subgraphs are nested without end", () => {
    let graph = bytesField(1, [bytesField(4, "Identity")]);
    for (let depth = 0; depth < 40; depth++) graph = bytesField(1, [bytesField(5, [bytesField(6, graph)])]);
    expect(() => readOnnxGraph(bytesField(7, graph))).toThrow(/nested deeper/);
  });

  it("is refused when its nodes form a cycle", () => {
    const node = (from: string, to: string) =>
      bytesField(1, [bytesField(1, from), bytesField(2, to), bytesField(4, "Relu")]);
    const bytes = bytesField(7, concatBytes([node("a", "b"), node("b", "a"), bytesField(12, [bytesField(1, "a")])]));
    expect(() => findResidualStream(readOnnxGraph(bytes))).toThrow(/cycle/);
  });
});
