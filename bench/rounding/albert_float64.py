"""Hidden states of an ALBERT checkpoint in float64, by NumPy alone: how far is float32 from what it stands for?

    python bench/rounding/albert_float64.py MODEL OUT --layers 48 --heads 1 REFERENCE.safetensors…

reads MODEL/config.json and model.safetensors and, for each reference (a file with `input_ids` and hidden_states.k),
    writes
OUT/<its name> with the same layers in float64. Needs numpy and safetensors.
"""

import argparse
import json
import math
import os

import numpy as np
from safetensors.numpy import load_file, save_file

erf = np.vectorize(math.erf, otypes=[np.float64])
GELU = {
    "gelu": lambda x: x * 0.5 * (1 + erf(x / math.sqrt(2))),
    "gelu_new": lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
}


def albert_states(weights, config, ids, layers, heads):
    """States 0 … layers of one text, all of whose tokens count; Lan et al. 2020, as Hugging Face computes it."""
    w = lambda name: weights[name].astype(np.float64)
    linear = lambda x, name: x @ w(f"{name}.weight").T + w(f"{name}.bias")
    activation = GELU[config["hidden_act"]]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(-1, keepdims=True) + config["layer_norm_eps"])
        return centred / scale * w(f"{name}.weight") + w(f"{name}.bias")

    def attention(x, name):
        n, d = x.shape
        split = lambda y: y.reshape(n, heads, d // heads).transpose(1, 0, 2)
        q, k, v = (split(linear(x, f"{name}.{part}")) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(d // heads)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = scores / scores.sum(-1, keepdims=True) @ v
        return linear(mixed.transpose(1, 0, 2).reshape(n, d), f"{name}.dense")

    embedded = w("embeddings.word_embeddings.weight")[ids]
    embedded = embedded + w("embeddings.position_embeddings.weight")[: len(ids)]
    embedded = embedded + w("embeddings.token_type_embeddings.weight")[0]
    x = linear(norm(embedded, "embeddings.LayerNorm"), "encoder.embedding_hidden_mapping_in")
    block = "encoder.albert_layer_groups.0.albert_layers.0"
    states = [x]
    for _ in range(layers):
        middle = norm(x + attention(x, f"{block}.attention"), f"{block}.attention.LayerNorm")
        inner = linear(activation(linear(middle, f"{block}.ffn")), f"{block}.ffn_output")
        x = norm(inner + middle, f"{block}.full_layer_layer_norm")
        states.append(x)
    return states


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("references", nargs="+")
    parser.add_argument("--layers", type=int, required=True)
    parser.add_argument("--heads", type=int, required=True)
    options = parser.parse_args()
    with open(f"{options.model}/config.json") as file:
        config = json.load(file)
    weights = {name.removeprefix("albert."): x for name, x in load_file(f"{options.model}/model.safetensors").items()}
    os.makedirs(options.out, exist_ok=True)
    for path in options.references:
        reference = load_file(path)
        states = albert_states(weights, config, reference["input_ids"].reshape(-1), options.layers, options.heads)
        kept = {name: states[int(name.split(".")[1])] for name in reference if name.startswith("hidden_states.")}
        save_file({**kept, "input_ids": reference["input_ids"]}, f"{options.out}/{os.path.basename(path)}")


if __name__ == "__main__":
    main()
