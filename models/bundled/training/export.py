"""Writes config.json, model.safetensors (float16) and onnx/model.onnx (float32 arithmetic on the same float16 weights) from a checkpoint."""

import argparse
import json
import os
from pathlib import Path

import model as M
import numpy as np
import onnx
import onnx.numpy_helper
import torch
from safetensors.torch import save_file
from transformers import AlbertConfig, AlbertForMaskedLM


class Logits(torch.nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.inner(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits


def hf_model(weights, heads, loops):
    """AlbertForMaskedLM with the given weights, float32, eager attention."""
    config = AlbertConfig(**M.config(M.hidden_of(weights), heads, M.inner_of(weights), loops))
    config._attn_implementation = "eager"
    net = AlbertForMaskedLM(config).eval()
    missing, unexpected = net.load_state_dict(weights, strict=False)
    tied = {"predictions.decoder.weight", "predictions.decoder.bias"}
    ignored = {k for k in missing if "position_ids" in k or "token_type_ids" in k}
    assert not unexpected and set(missing) - ignored <= tied, (missing, unexpected)
    net.tie_weights()
    net.predictions.decoder.bias = net.predictions.bias
    return net


def load_checkpoint(path):
    saved = torch.load(path, map_location="cpu")
    return {k: v.detach().half().float() for k, v in saved["model"].items()}, saved["heads"], saved


def export_onnx(net, path, opset=17):
    x = torch.tensor([[2, 10, 4, 20, 3], [2, 10, 30, 3, 0]])
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {n: {0: "batch_size", 1: "sequence_length"} for n in [*names, "logits"]}
    torch.onnx.export(
        Logits(net),
        (x, (x != 0).long(), torch.zeros_like(x)),
        str(path),
        input_names=names,
        output_names=["logits"],
        dynamic_axes=axes,
        opset_version=opset,
        dynamo=False,
    )
    graph = half_weights(tie_decoder(onnx.load(str(path))))
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))
    return graph


def tie_decoder(graph):
    """The exporter stores the decoder as a transposed copy of the word embeddings; a Transpose node takes its place."""
    tensors = {t.name: t for t in graph.graph.initializer}
    words = next(t for t in tensors.values() if list(t.dims) == [M.VOCAB, M.EMBED])
    copy = next(t for t in tensors.values() if list(t.dims) == [M.EMBED, M.VOCAB])
    assert (onnx.numpy_helper.to_array(words).T == onnx.numpy_helper.to_array(copy)).all()
    graph.graph.initializer.remove(copy)
    at = next(i for i, n in enumerate(graph.graph.node) if copy.name in n.input)
    node = onnx.helper.make_node("Transpose", [words.name], [copy.name], name="tied_decoder", perm=[1, 0])
    graph.graph.node.insert(at, node)
    return graph


def half_weights(graph, least=1024):
    """Tensors of `least` values or more are stored as float16, each with a Cast: the values were rounded before, nothing changes."""
    for tensor in list(graph.graph.initializer):
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < least:
            continue
        half = values.astype(np.float16)
        assert (half.astype(np.float32) == values).all(), tensor.name
        stored = tensor.name + ".half"
        tensor.CopyFrom(onnx.numpy_helper.from_array(half, stored))
        name = stored.removesuffix(".half")
        node = onnx.helper.make_node("Cast", [stored], [name], name=name + ".cast", to=onnx.TensorProto.FLOAT)
        graph.graph.node.insert(0, node)
    return graph


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True, type=Path)
    parser.add_argument("--model", required=True, type=Path, help="output folder")
    parser.add_argument("--loops", type=int, default=12)
    args = parser.parse_args()
    weights, heads, _ = load_checkpoint(args.checkpoint)
    net = hf_model(weights, heads, args.loops)

    ids = torch.randint(5, M.VOCAB, (2, 40))
    h = M.embed(weights, ids, torch.arange(40))
    with torch.no_grad():
        for _ in range(args.loops):
            h = M.layer(weights, h, heads, False)
        difference = (M.predict(weights, h) - net(ids).logits).abs().max().item()
    print(f"training code against transformers, largest logit difference: {difference:.1e}")
    assert difference < 1e-3

    (args.model / "onnx").mkdir(exist_ok=True)
    temporary = args.model / "onnx" / "model.tmp"
    graph = export_onnx(net, temporary)
    sizes = sorted(
        ((t.name, list(t.dims)) for t in graph.graph.initializer), key=lambda s: -torch.tensor(s[1]).prod().item()
    )
    print("largest tensors in the graph:", sizes[:6])
    os.replace(temporary, args.model / "onnx" / "model.onnx")

    stored = {k: v.half().contiguous() for k, v in weights.items()}
    save_file(stored, args.model / "model.tmp", metadata={"format": "pt"})
    (args.model / "model.tmp").chmod(0o644)
    os.replace(args.model / "model.tmp", args.model / "model.safetensors")
    config = M.config(M.hidden_of(weights), heads, M.inner_of(weights), args.loops)
    (args.model / "config.json").write_text(json.dumps({**config, "torch_dtype": "float16"}, indent=2) + "\n")

    again = AlbertForMaskedLM.from_pretrained(args.model, dtype=torch.float32, attn_implementation="eager").eval()
    with torch.no_grad():
        print(
            f"reloaded with from_pretrained, largest difference: {(again(ids).logits - net(ids).logits).abs().max():.1e}"
        )


if __name__ == "__main__":
    main()
