import { describe, expect, it } from "vitest";
import { exposeOutputs } from "../../models/onnx/expose-outputs.ts";
import { readOnnxGraph } from "../../models/onnx/graph.ts";
import { openSession } from "../../models/onnx/session.ts";
import { readStates } from "../../models/states/read-states.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { findResidualStream } from "../../models/stream/residual-stream.ts";
import { attention, type Builder, layerNorm, mlp, preNormBlock, TOY, toyTransformer } from "./toy-transformer.ts";

const streamOf = (bytes: Uint8Array) => findResidualStream(readOnnxGraph(bytes));
const tensors = (bytes: Uint8Array) => streamOf(bytes).points.map(({ tensor }) => tensor);
const project = (b: Builder, x: string) => b.op("MatMul", [x, b.weight([TOY.d, TOY.d])]);
const turn = (b: Builder, x: string, ...perm: number[]) => b.op("Transpose", [x], { perm: { ints: perm } });

const ids = (batch: number, n: number) => ({
  input_ids: {
    dtype: "int64",
    shape: [batch, n],
    data: BigInt64Array.from({ length: batch * n }, (_, i) => BigInt((i * 7) % TOY.vocabulary)),
  },
});

async function statesOf(bytes: Uint8Array, batch: number, n: number): Promise<HiddenStates> {
  const graph = readOnnxGraph(bytes);
  const stream = findResidualStream(graph);
  const session = await openSession(exposeOutputs(bytes, tensors(bytes)), { level: "disabled", threads: 1 });
  try {
    return await readStates(session, { graph, stream, positions: null, reads: () => true }, ids(batch, n), null);
  } finally {
    await session.close();
  }
}

describe("the blocks of a stream", () => {
  it("begin before attention where each adds another branch first, as a Conformer's do", () => {
    const { bytes, states, output } = toyTransformer((b, x) => {
      const first = b.op("Add", [x, mlp(b, layerNorm(b, x))]);
      const mid = b.op("Add", [first, attention(b, layerNorm(b, first))]);
      const third = b.op("Add", [mid, mlp(b, layerNorm(b, mid))]);
      return b.op("Add", [third, mlp(b, layerNorm(b, third))]);
    });
    expect(tensors(bytes)).toEqual([...states, output]);
  });

  it("begin at attention where only the first is preceded by another branch", () => {
    const { bytes, states } = toyTransformer((b, x, layer) => {
      const start = layer === 0 ? b.op("Add", [x, mlp(b, x)]) : x;
      return preNormBlock(b, start);
    });
    expect(tensors(bytes).slice(1, 3)).toEqual(states.slice(1));
    expect(tensors(bytes)[0]).not.toBe(states[0]);
  });
});

describe("blocks with two attentions", () => {
  const decoder = (tail?: (b: Builder, x: string) => string) =>
    toyTransformer((b, x) => {
      const first = b.op("Add", [x, attention(b, layerNorm(b, x))]);
      const mid = b.op("Add", [first, attention(b, layerNorm(b, first))]);
      return b.op("Add", [mid, mlp(b, layerNorm(b, mid))]);
    }, tail);

  it("are one block each, as a decoder's that looks at an encoder", () => {
    const { bytes, states, output } = decoder();
    expect(tensors(bytes)).toEqual([...states, output]);
    expect(streamOf(bytes).warnings).toEqual([expect.stringMatching(/block 1 adds 3 branches/)]);
  });

  it("end before a head that adds a branch of its own", () => {
    const { bytes, states } = decoder((b, x) => b.op("Add", [x, mlp(b, layerNorm(b, x))]));
    expect(tensors(bytes)).toEqual(states);
  });
});

describe("the last state", () => {
  it("is masked where the others are", () => {
    const { bytes, states } = toyTransformer(
      (b, x) => {
        const mid = layerNorm(b, b.op("Add", [x, attention(b, x)]));
        return b.op("Mul", [layerNorm(b, b.op("Add", [mid, mlp(b, mid)])), b.weight([TOY.d], 1)]);
      },
      (b, x) => project(b, x),
    );
    expect(tensors(bytes)).toEqual(states);
  });

  it("is behind a gain and a shift without a norm where the others are", () => {
    const affine = (b: Builder, x: string) =>
      b.op("Add", [b.op("Mul", [x, b.weight([TOY.d], 1)]), b.weight([TOY.d], 0.1)]);
    const { bytes, states } = toyTransformer(
      (b, x) => {
        const mid = affine(b, b.op("Add", [x, attention(b, x)]));
        return affine(b, b.op("Add", [mid, mlp(b, mid)]));
      },
      (b, x) => project(b, x),
    );
    expect(tensors(bytes)).toEqual(states);
  });

  it("stands before a final LayerNorm of two nodes: centred, then by the root mean square", () => {
    const { bytes, states, output } = toyTransformer(preNormBlock, (b, x) => {
      const mean = b.op("ReduceMean", [x], { axes: { ints: [-1] }, keepdims: { int: 1 } });
      const centred = b.op("Sub", [x, mean]);
      return b.op("SimplifiedLayerNormalization", [centred, b.weight([TOY.d], 1)], { axis: { int: -1 } });
    });
    expect(tensors(bytes)).toEqual([...states, output]);
  });
});

describe("the axes of a stream", () => {
  /** Blocks over [batch, d, n]: turned to [batch, n, d] where they multiply. */
  const channelsFirst = () =>
    toyTransformer(
      (b, x, layer) => {
        const start = layer === 0 ? turn(b, x, 0, 2, 1) : x;
        const branch = (from: string, make: (b: Builder, y: string) => string) =>
          b.op("Add", [from, turn(b, make(b, layerNorm(b, turn(b, from, 0, 2, 1))), 0, 2, 1)]);
        return branch(branch(start, attention), mlp);
      },
      (b, x) => layerNorm(b, turn(b, x, 0, 2, 1)),
    );

  it("are put into the order of batch, positions and width", async () => {
    const plain = await statesOf(toyTransformer().bytes, 2, 5);
    const turned = await statesOf(channelsFirst().bytes, 2, 5);
    expect([turned.batch, turned.n, turned.d]).toEqual([2, 5, TOY.d]);
    for (const k of [0, 1, 2]) {
      const [x, y] = [plain.layers[k].x, turned.layers[k].x];
      // The same weights in the same order: only the order of sums may differ.
      y.forEach((value, i) => {
        expect(value).toBeCloseTo(x[i], 5);
      });
    }
  });

  it("are known where ids are turned before they are looked up", async () => {
    const { bytes } = toyTransformer();
    const turned = toyTransformer((b, x, layer) => {
      if (layer === 0) {
        const gather = b.nodes.find(({ op }) => op === "Gather");
        b.nodes.unshift({
          op: "Transpose",
          inputs: ["input_ids"],
          outputs: ["turned"],
          attributes: { perm: { ints: [1, 0] } },
          domain: "",
        });
        Object.assign(gather ?? {}, { inputs: [gather?.inputs[0], "turned"] });
      }
      const mixed = (y: string) => turn(b, attention(b, layerNorm(b, turn(b, y, 1, 0, 2))), 1, 0, 2);
      const mid = b.op("Add", [x, mixed(x)]);
      return b.op("Add", [mid, mlp(b, layerNorm(b, mid))]);
    }).bytes;
    for (const [batch, n] of [
      [2, 5],
      [3, 3],
      [1, 4],
    ]) {
      const [a, b] = [await statesOf(bytes, batch, n), await statesOf(turned, batch, n)];
      expect([b.batch, b.n, b.d]).toEqual([batch, n, TOY.d]);
      b.layers[0].x.forEach((value, i) => {
        expect(value).toBe(a.layers[0].x[i]);
      });
    }
  });
});

describe("what is no single stream of tokens", () => {
  it("is refused without attention, and the sums are counted", () => {
    const { bytes } = toyTransformer((b, x) => b.op("Add", [x, mlp(b, layerNorm(b, x))]));
    expect(() => streamOf(bytes)).toThrow(/of 2 sums that add a weighted branch none adds attention/);
  });

  it("is refused where a branch holds blocks of its own", () => {
    const { bytes } = toyTransformer((b, x) => {
      // A second attention that looks at what the first one gave, within one branch: half of a U.
      const deep = attention(b, layerNorm(b, attention(b, layerNorm(b, x))));
      const mid = b.op("Add", [x, deep]);
      return b.op("Add", [mid, mlp(b, layerNorm(b, mid))]);
    });
    expect(() => streamOf(bytes)).toThrow(
      /the stream divides: the Add that gives \S+ adds a branch with blocks of its own/,
    );
  });

  it("is refused where positions are added, as padding to a window does", async () => {
    const { bytes } = toyTransformer((b, x, layer) => {
      if (layer > 0) return preNormBlock(b, x);
      b.initializers.push({ name: "pads", type: "int64", dims: [6], data: [0, 0, 0, 0, 3, 0] });
      return preNormBlock(b, b.op("Pad", [x, "pads"]));
    });
    await expect(statesOf(bytes, 1, 5)).rejects.toThrow(/the states have 8 positions, input_ids has 5/);
  });

  it("is refused where positions are pooled between blocks", async () => {
    const { bytes } = toyTransformer((b, x, layer) => {
      b.initializers.push({ name: `at ${layer}`, type: "int64", dims: [2], data: [0, 2] });
      return preNormBlock(b, layer === 0 ? x : b.op("Gather", [x, `at ${layer}`], { axis: { int: 1 } }));
    });
    await expect(statesOf(bytes, 1, 5)).rejects.toThrow(
      /the stream changes its shape: layer 1 .* layer 0 has \[1, 5, 8\]/,
    );
  });
});

describe("what nothing reads", () => {
  it("is said: an operand may have been exchanged", () => {
    const { bytes } = toyTransformer((b, x) => {
      b.op("Relu", [x]);
      return preNormBlock(b, x);
    });
    expect(streamOf(bytes).warnings).toEqual([expect.stringMatching(/^nothing reads Relu_\d+ and 1 more: check/)]);
    expect(streamOf(toyTransformer().bytes).warnings).toEqual([]);
  });
});
