import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokensphereError } from "../../models/errors.ts";
import { checkGraph } from "../../models/onnx/check-graph.ts";
import { onnxFields } from "../../models/onnx/fields.ts";
import { readOnnxGraph } from "../../models/onnx/graph.ts";
import { fieldFloats, fieldInts, fieldText, readFields } from "../../models/onnx/wire-reader.ts";
import { bytesField, concatBytes, floatField, intField, varint } from "../../models/onnx/wire-writer.ts";
import { findResidualStream } from "../../models/stream/residual-stream.ts";

const utf8 = new TextEncoder();
const packed = readFileSync(new URL("../fixtures/models/bert/model_extdata.onnx.gz", import.meta.url));
const model = new Uint8Array(gunzipSync(packed));

/** Damaged bytes must be read, or refused with a message for the user: any other error is ours. */
function readOrRefuse(bytes: Uint8Array): void {
  try {
    const graph = readOnnxGraph(bytes);
    checkGraph(graph);
    findResidualStream(graph);
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

  it("reads back any tree of messages, and every field lies within its message", () => {
    type Tree = readonly { readonly id: number; readonly value: number | string | Tree }[];
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.array(
        fc.record({
          id: fc.integer({ min: 1, max: 0x1fffffff }),
          value: fc.oneof({ maxDepth: 4 }, fc.maxSafeInteger(), fc.string({ unit: "binary" }), tie("tree")),
        }),
        { maxLength: 4 },
      ) as fc.Arbitrary<Tree>,
    }));
    const write = (nodes: Tree): Uint8Array =>
      concatBytes(
        nodes.map(({ id, value }) =>
          typeof value === "number"
            ? concatBytes([varint(BigInt(id) * 8n), varint(value)])
            : concatBytes([
                varint(BigInt(id) * 8n + 2n),
                varint((typeof value === "string" ? utf8.encode(value) : write(value)).length),
                typeof value === "string" ? utf8.encode(value) : write(value),
              ]),
        ),
      );
    const check = (bytes: Uint8Array, nodes: Tree, start: number, end: number): void => {
      const fields = [...readFields(bytes, start, end)];
      expect(fields.map(({ field }) => field)).toEqual(nodes.map(({ id }) => id));
      fields.forEach((field, k) => {
        const { value } = nodes[k];
        expect(field.start >= start && field.end <= end).toBe(true);
        if (typeof value === "number") expect(field.value).toBe(value);
        else if (typeof value === "string") expect(fieldText(bytes, field)).toBe(value);
        else check(bytes, value, field.start, field.end);
      });
    };
    fc.assert(
      fc.property(tree, fc.nat(7), (nodes, offset) => {
        // The reader must not care where in a larger buffer the message lies.
        const bytes = concatBytes([new Uint8Array(offset).fill(0xff), write(nodes), Uint8Array.of(0xff)]);
        check(bytes, nodes, offset, bytes.length - 1);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it("ends on any bytes: every step moves on, and no field leaves its message", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (bytes, start) => {
        let at = start;
        try {
          for (const field of readFields(bytes, start)) {
            expect(field.end).toBeGreaterThan(at);
            expect(field.end).toBeLessThanOrEqual(bytes.length);
            at = field.end;
          }
        } catch (error) {
          if (!(error instanceof TokensphereError)) throw error;
        }
      }),
      { seed: 6, numRuns: 1000 },
    );
  });

  it.each([2n ** 31n, 2n ** 32n, 2n ** 40n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])(
    "refuses a field of %s bytes in a message of twenty",
    (length) => {
      const bytes = concatBytes([varint(10), varint(length), new Uint8Array(20)]);
      expect(() => [...readFields(bytes)]).toThrow(/malformed or truncated/);
    },
  );

  it("refuses groups and unknown wire types", () => {
    for (const wire of [3, 4, 6, 7])
      expect(() => [...readFields(Uint8Array.of(8 + wire, 0))]).toThrow(TokensphereError);
  });

  it("refuses a varint without an end", () => {
    expect(() => [...readFields(new Uint8Array(20).fill(0xff))]).toThrow(/malformed or truncated at byte 0/);
  });

  it("refuses a field longer than its message", () => {
    expect(() => [...readFields(Uint8Array.of(0x0a, 5, 1))]).toThrow(TokensphereError);
  });
});

describe("the fields of an ONNX file", () => {
  it("are those that ONNX has: a field of another number or type is refused", () => {
    const numbers = new Set(Array.from({ length: 200 }, (_, k) => k + 1));
    for (const known of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) numbers.delete(known);
    for (const id of numbers) expect(() => [...onnxFields(bytesField(id, "x"), "node")]).toThrow(/which ONNX has not/);
    expect(() => [...onnxFields(intField(1, 3), "node")]).toThrow(/a node with field 1 of wire type 0 at byte/);
    expect([...onnxFields(bytesField(1, "x"), "node")]).toHaveLength(1);
  });

  it("of a file that PyTorch wrote are all known", () => {
    expect(() => readOnnxGraph(model)).not.toThrow();
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
