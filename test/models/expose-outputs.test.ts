import { describe, expect, it } from "vitest";
import { exposeOutputs, nameOutput } from "../../models/onnx/expose-outputs.ts";
import { readOnnxGraph } from "../../models/onnx/graph.ts";
import { toyTransformer } from "./toy-transformer.ts";

const { bytes, states, output } = toyTransformer();

describe("exposing outputs", () => {
  it("appends bytes and changes none", () => {
    const exposed = exposeOutputs(bytes, states);
    expect(exposed.subarray(0, bytes.length)).toEqual(bytes);
    expect(readOnnxGraph(exposed).outputs.map(({ name }) => name)).toEqual([output, ...states]);
  });

  it("names each tensor once, and none that is an output already", () => {
    const exposed = exposeOutputs(bytes, [states[1], output, states[1]]);
    expect(readOnnxGraph(exposed).outputs.map(({ name }) => name)).toEqual([output, states[1]]);
    expect(exposeOutputs(exposed, [states[1]])).toBe(exposed);
  });

  it("does not change its argument", () => {
    const before = bytes.slice();
    exposeOutputs(bytes, states);
    nameOutput(bytes, readOnnxGraph(bytes).nodes[3].start, 2, "named");
    expect(bytes).toEqual(before);
  });

  it("names an omitted output and keeps all other nodes", () => {
    const { nodes } = readOnnxGraph(bytes);
    const named = readOnnxGraph(nameOutput(bytes, nodes[3].start, 2, "named"));
    expect(named.nodes[3].outputs).toEqual([...nodes[3].outputs, "", "named"]);
    const plain = ({ op, inputs, outputs }: (typeof nodes)[number]) => ({ op, inputs, outputs });
    expect(named.nodes.filter((_, k) => k !== 3).map(plain)).toEqual(nodes.filter((_, k) => k !== 3).map(plain));
    expect(named.initializers.size).toBe(readOnnxGraph(bytes).initializers.size);
  });
});
