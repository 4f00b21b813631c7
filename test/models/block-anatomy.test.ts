import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOnnxGraph } from "../../models/onnx/graph.ts";
import { inspectModel } from "../../models/open-model.ts";
import { headCount } from "../../models/stream/head-count.ts";
import { findResidualStream } from "../../models/stream/residual-stream.ts";
import { attention, type Builder, layerNorm, mlp, TOY, toyTransformer } from "./toy-transformer.ts";
import { unpackFixtures } from "./unpack-fixtures.ts";

interface Expected {
  readonly file: string;
  readonly norm: readonly [string, string];
  readonly products: readonly [object, object];
  readonly attention?: object;
  readonly activation: string;
  readonly gated?: boolean;
  readonly weights?: string | null;
}

const MATMUL = [{ MatMul: 4 }, { MatMul: 2 }] as const;
const GEMM = [{ Gemm: 2 }, { Gemm: 2 }] as const;

/** Of the last block, as the architectures' papers and code have it. */
const EXPECTED: readonly Expected[] = [
  { file: "albert/model.onnx", norm: ["post", "LayerNorm"], products: MATMUL, activation: "Gelu (tanh)", weights: "A" },
  {
    file: "albert/model_dynamo.onnx",
    norm: ["post", "LayerNorm"],
    products: MATMUL,
    activation: "Gelu (tanh)",
    weights: "A",
  },
  {
    file: "albert/model_ortfused.onnx",
    norm: ["post", "LayerNorm"],
    products: [{ Attention: 1, MatMul: 1 }, { MatMul: 2 }],
    attention: { Attention: 1 },
    activation: "Gelu (tanh)",
    weights: "A",
  },
  { file: "bert/model.onnx", norm: ["post", "LayerNorm"], products: MATMUL, activation: "Gelu (erf)" },
  { file: "distilbert/model.onnx", norm: ["post", "LayerNorm"], products: MATMUL, activation: "Gelu (erf)" },
  { file: "gpt2/model.onnx", norm: ["pre", "LayerNorm"], products: GEMM, activation: "Gelu (tanh)" },
  {
    file: "llama/model.onnx",
    norm: ["pre", "RMSNorm"],
    products: [{ MatMul: 4 }, { MatMul: 3 }],
    activation: "Silu",
    gated: true,
  },
  {
    file: "modernbert/model.onnx",
    norm: ["pre", "LayerNorm"],
    products: [{ MatMul: 2 }, { MatMul: 2 }],
    activation: "Gelu (erf)",
    gated: true,
  },
  { file: "t5-encoder/model.onnx", norm: ["pre", "RMSNorm"], products: MATMUL, activation: "Relu" },
  { file: "vit/model.onnx", norm: ["pre", "LayerNorm"], products: MATMUL, activation: "Gelu (erf)" },
];

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
beforeAll(async () => {
  fixtures = await unpackFixtures(...new Set(EXPECTED.map(({ file }) => dirname(file))));
}, 60_000);
afterAll(() => fixtures.remove());

const bytesOf = (file: string) => new Uint8Array(readFileSync(join(fixtures.folder, file)));
const blocksOf = (bytes: Uint8Array) => findResidualStream(readOnnxGraph(bytes)).blocks;

describe.each(EXPECTED)("$file", ({ file, norm: [place, kind], products, activation, gated = false, ...rest }) => {
  it("is taken apart as it was put together", () => {
    const [attending, perceptron] = blocksOf(bytesOf(file)).at(-1)!.branches;
    expect(attending).toMatchObject({
      kind: "attention",
      norm: { place, kind },
      products: products[0],
      activation: null,
    });
    expect(attending.attention).toEqual(rest.attention ?? { Softmax: 1 });
    expect(perceptron).toMatchObject({ kind: "mlp", norm: { place, kind }, products: products[1], activation, gated });
    expect(perceptron.attention).toEqual({});
    expect(blocksOf(bytesOf(file)).at(-1)).toMatchObject({ weights: rest.weights ?? null, precision: "float32" });
  });

  it("tells its heads by itself, or does not tell them", () => {
    const bytes = bytesOf(file);
    const graph = readOnnxGraph(bytes);
    const heads = headCount(graph, findResidualStream(graph).attentions.flat(), bytes);
    // ModernBERT splits queries, keys and values by a shape of rank five.
    expect(heads).toBe(file.startsWith("modernbert") ? null : 4);
  });
});

describe("blocks of one model", () => {
  it("differ where quantization left the first one other weights", () => {
    const blocks = blocksOf(bytesOf("albert/model_int8.onnx"));
    expect(blocks.map(({ weights, precision }) => `${weights} ${precision}`)).toEqual([
      "null int8",
      ...Array(5).fill("A float32"),
    ]);
    expect(blocks[0].branches.map(({ gated }) => gated)).toEqual([false, false]);
  });

  it("differ where ModernBERT's first attention has no norm", () => {
    const places = blocksOf(bytesOf("modernbert/model.onnx")).map(({ branches }) => branches[0].norm.place);
    expect(places).toEqual(["none", "pre", "pre", "pre"]);
  });
});

const anatomy = (block: (b: Builder, x: string, layer: number) => string) => blocksOf(toyTransformer(block).bytes);

describe("the norm of a branch", () => {
  const sum = (b: Builder, x: string, branch: string) => b.op("Add", [x, branch]);
  const batchNorm = (b: Builder, x: string) => {
    const turned = b.op("Transpose", [x], { perm: { ints: [0, 2, 1] } });
    const constants = [1, 0.1, 0.1, 1].map((scale) => b.weight([TOY.d], scale));
    return b.op("Transpose", [b.op("BatchNormalization", [turned, ...constants])], { perm: { ints: [0, 2, 1] } });
  };
  const rms = (b: Builder, x: string) => {
    const square = b.op("ReduceMean", [b.op("Mul", [x, x])], { axes: { ints: [-1] }, keepdims: { int: 1 } });
    return b.op("Mul", [b.op("Div", [x, b.op("Sqrt", [square])]), b.weight([TOY.d], 1)]);
  };

  it.each([
    ["pre", "LayerNorm", (b: Builder, x: string) => sum(b, x, attention(b, layerNorm(b, x)))],
    ["pre", "RMSNorm", (b: Builder, x: string) => sum(b, x, attention(b, rms(b, x)))],
    ["pre", "BatchNorm", (b: Builder, x: string) => sum(b, x, attention(b, batchNorm(b, x)))],
    ["post", "LayerNorm", (b: Builder, x: string) => layerNorm(b, sum(b, x, attention(b, x)))],
    ["post", "RMSNorm", (b: Builder, x: string) => rms(b, sum(b, x, attention(b, x)))],
    ["inside", "LayerNorm", (b: Builder, x: string) => sum(b, x, layerNorm(b, attention(b, x)))],
    ["peri", "LayerNorm", (b: Builder, x: string) => sum(b, x, layerNorm(b, attention(b, layerNorm(b, x))))],
    ["none", null, (b: Builder, x: string) => sum(b, x, attention(b, x))],
  ])("is told: %s %s", (place, kind, block) => {
    const [first] = anatomy((b, x) => {
      const mid = block(b, x);
      return block(b, mid);
    });
    expect(first.branches[0].norm).toEqual({ place, kind });
  });

  it.each(["SkipLayerNormalization", "SkipSimplifiedLayerNormalization"])(
    "is told where it is fused with the sum: %s",
    (op) => {
      const [first, second] = anatomy((b, x, layer) => {
        const fused = (skip: string, branch: string, name: string) => {
          const outputs = [`normed_${name}`, "", "", `sum_${name}`];
          b.nodes.push({ op, inputs: [skip, branch, b.weight([TOY.d], 1)], outputs, domain: "com.microsoft" });
          return outputs;
        };
        const start = layer === 0 ? layerNorm(b, x) : "normed_block_0";
        const [normed, , , mid] = fused(layer === 0 ? x : "sum_block_0", attention(b, start), `middle_${layer}`);
        return fused(mid, mlp(b, normed), `block_${layer}`)[3];
      });
      const kind = op === "SkipLayerNormalization" ? "LayerNorm" : "RMSNorm";
      expect(first.branches.map(({ norm }) => norm)).toEqual([
        { place: "pre", kind: "LayerNorm" },
        { place: "pre", kind },
      ]);
      expect(second.branches.map(({ norm }) => norm)).toEqual(Array(2).fill({ place: "pre", kind }));
    },
  );

  it("belongs to each branch of a parallel block", () => {
    const [first] = anatomy((b, x) => b.op("Sum", [x, attention(b, layerNorm(b, x)), mlp(b, rms(b, x))]));
    expect(first.branches.map(({ kind, norm }) => [kind, norm.kind])).toEqual([
      ["attention", "LayerNorm"],
      ["mlp", "RMSNorm"],
    ]);
  });
});

describe("the activation of a branch", () => {
  const hidden = 2 * TOY.d;
  const activated = (make: (b: Builder, x: string) => string) => {
    const [{ branches }] = anatomy((b, x) => {
      const mid = b.op("Add", [x, attention(b, layerNorm(b, x))]);
      const inner = make(b, b.op("MatMul", [layerNorm(b, mid), b.weight([TOY.d, hidden])]));
      return b.op("Add", [mid, b.op("MatMul", [inner, b.weight([hidden, TOY.d])])]);
    });
    return branches[1];
  };
  const half = (b: Builder, x: string, cdf: string) =>
    b.op("Mul", [b.op("Mul", [x, b.op("Add", [cdf, b.weight([1], 1)])]), b.weight([1], 0.5)]);

  it.each([
    ["Relu", (b: Builder, x: string) => b.op("Relu", [x])],
    ["Relu squared", (b: Builder, x: string) => b.op("Pow", [b.op("Relu", [x]), b.weight([1], 2)])],
    ["Gelu (erf)", (b: Builder, x: string) => half(b, x, b.op("Erf", [x]))],
    ["Gelu (tanh)", (b: Builder, x: string) => half(b, x, b.op("Tanh", [x]))],
    ["Tanh", (b: Builder, x: string) => b.op("Tanh", [x])],
    ["Silu", (b: Builder, x: string) => b.op("Mul", [x, b.op("Sigmoid", [x])])],
    [
      "Gelu (sigmoid)",
      (b: Builder, x: string) => b.op("Mul", [x, b.op("Sigmoid", [b.op("Mul", [x, b.weight([1], 1.702)])])]),
    ],
    ["Sigmoid", (b: Builder, x: string) => b.op("Sigmoid", [x])],
    ["LeakyRelu", (b: Builder, x: string) => b.op("LeakyRelu", [x])],
    [null, (_: Builder, x: string) => x],
  ])("is told: %s", (name, make) => {
    expect(activated(make)).toMatchObject({ activation: name, gated: false });
  });
});

describe("the notes of a model", () => {
  it.each([
    { file: "gpt2/model.onnx", note: /hidden_states\[3\] of Hugging Face is final_norm$/ },
    { file: "vit/model.onnx", note: /hidden_states\[3\] of Hugging Face is layer 3$/ },
    { file: "modernbert/model.onnx", note: /is final_norm since transformers 5, layer 4 before$/ },
    { file: "albert/model_ortfused.onnx", note: /^no attention probabilities of blocks 2–6: / },
  ])("say what a reader of $file needs", async ({ file, note }) => {
    expect((await inspectModel(join(fixtures.folder, file))).notes).toEqual([expect.stringMatching(note)]);
  });

  it("say what was asked for against what config.json says", async () => {
    const { notes, heads, layers } = await inspectModel(join(fixtures.folder, "albert"), { depth: 9, heads: 1 });
    expect({ notes, heads, layers }).toEqual({
      notes: ["9 blocks in place of 6", "number of heads: 1 in place of 4"],
      heads: 1,
      layers: 9,
    });
    expect((await inspectModel(join(fixtures.folder, "bert"))).notes).toEqual([]);
  });
});
