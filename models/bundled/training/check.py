"""Compares onnxruntime with PyTorch at every layer, at 12 loops (the file) and at 48 (exported alike): the tensors behind the hidden states become outputs of a copy of the graph."""
import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from transformers import PreTrainedTokenizerFast

from evaluate import load
from export import export_onnx

DEEP = 48


def layer_outputs(graph):
    """Names of hidden states 0..n: the result of the embedding mapping, then of each pass's last LayerNormalization."""
    nodes = graph.graph.node
    mapped = [n.output[0] for n in nodes if n.op_type == "Add" and "embedding_hidden_mapping_in" in n.name]
    norms = [n.output[0] for n in nodes if n.op_type == "LayerNormalization" and "full_layer_layer_norm" in n.name]
    assert len(mapped) == 1, mapped
    return mapped + norms


def compare(folder, loops, graph):
    """Largest differences over the passages: of the logits, then of each hidden state."""
    names = layer_outputs(graph)
    for n in names:
        graph.graph.output.append(onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    net, tokenizer = load(folder, loops), PreTrainedTokenizerFast.from_pretrained(folder)
    worst = np.zeros(len(names) + 1)
    for file in sorted((folder / "passages").glob("*.txt")):
        batch = tokenizer(file.read_text("utf8"), return_tensors="pt")
        with torch.no_grad():
            out = net(**batch, output_hidden_states=True)
        assert len(out.hidden_states) == len(names), (len(out.hidden_states), names)
        found = session.run(["logits", *names], {k: batch[k].numpy() for k in ("input_ids", "attention_mask", "token_type_ids")})
        expected = [out.logits, *out.hidden_states]
        worst = np.maximum(worst, [np.abs(a - b.numpy()).max() for a, b in zip(found, expected)])
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path)
    args = parser.parse_args()
    graph = onnx.load(str(args.model / "onnx" / "model.onnx"))
    print("inputs", [i.name for i in graph.graph.input], "outputs", [o.name for o in graph.graph.output])
    with tempfile.TemporaryDirectory() as folder:
        deep = export_onnx(load(args.model, DEEP), Path(folder) / "deep.onnx")
    for loops, exported in ((12, graph), (DEEP, deep)):
        worst = compare(args.model, loops, exported)
        print(f"{loops} loops, largest difference: logits %.1e; hidden states " % worst[0] + " ".join(f"{k}:{v:.1e}" for k, v in enumerate(worst[1:])))
        assert worst[1:].max() < 1e-4
        print(f"{loops} loops: largest hidden state difference below 1e-4")


if __name__ == "__main__":
    main()
