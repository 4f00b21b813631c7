"""Compares onnxruntime with PyTorch at every layer, at 12 loops (the file) and at 48 (exported alike): the tensors behind the hidden states become outputs of a copy of the graph."""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from evaluate import load
from export import export_onnx
from transformers import PreTrainedTokenizerFast

DEEP = 48


def layer_outputs(graph):
    """Names of hidden states 0..n: the result of the embedding mapping, then of each pass's last LayerNormalization."""
    nodes = graph.graph.node
    mapped = [n.output[0] for n in nodes if n.op_type == "Add" and "embedding_hidden_mapping_in" in n.name]
    norms = [n.output[0] for n in nodes if n.op_type == "LayerNormalization" and "full_layer_layer_norm" in n.name]
    assert len(mapped) == 1, mapped
    return mapped + norms


def compare(folder, loops, graph):
    """By passage: the largest difference of onnxruntime from PyTorch at each hidden state, and of PyTorch from itself in float64."""
    names = layer_outputs(graph)
    for n in names:
        graph.graph.output.append(onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    single, double = load(folder, loops), load(folder, loops).double()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    for file in sorted((folder / "passages").glob("*.txt")):
        batch = tokenizer(file.read_text("utf8"), return_tensors="pt")
        with torch.no_grad():
            expected = single(**batch, output_hidden_states=True).hidden_states
            exact = double(**batch, output_hidden_states=True).hidden_states
        assert len(expected) == len(names), (len(expected), names)
        found = session.run(names, {k: batch[k].numpy() for k in ("input_ids", "attention_mask", "token_type_ids")})
        apart = [np.abs(a - b.numpy()).max() for a, b in zip(found, expected)]
        rounding = [(a - b).abs().max().item() for a, b in zip(expected, exact)]
        yield file.name, apart, rounding


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path)
    args = parser.parse_args()
    graph = onnx.load(str(args.model / "onnx" / "model.onnx"))
    print("inputs", [i.name for i in graph.graph.input], "outputs", [o.name for o in graph.graph.output])
    with tempfile.TemporaryDirectory() as folder:
        deep = export_onnx(load(args.model, DEEP), Path(folder) / "deep.onnx")
    for loops, exported in ((12, graph), (DEEP, deep)):
        for name, apart, rounding in compare(args.model, loops, exported):
            worst, own = max(apart), max(rounding)
            print(
                f"{loops} loops, {name}: largest difference {worst:.1e} (layer {int(np.argmax(apart))}), at the last {apart[-1]:.1e}; PyTorch from float64 {own:.1e}"
            )
            # Beyond twelve loops the map amplifies rounding on some texts: there PyTorch's own distance from float64 is the measure.
            assert worst < (1e-4 if loops == 12 else max(1e-4, 3 * own))


if __name__ == "__main__":
    main()
