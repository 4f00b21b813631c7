"""What a researcher runs today: Hugging Face hidden states, unit vectors, Gram matrix and histogram of every layer, on demand.

Usage: probe.py make FOLDER      writes a random BERT of 12 blocks, 768 wide, as config.json, model.safetensors and onnx/model.onnx
       probe.py measure FOLDER   reads one JSON object a line from stdin and answers each with one line:
  {"ids": [[…]], "seconds": 0.5, "threads": 2} -> {"ms": {"forward": […], "histograms": […], "total": […]}, "mean": [mean cosine by layer]}
A missing library ends the program with status 3.
"""

import json
import sys
import time
from pathlib import Path

try:
    import numpy as np
    import torch
    from transformers import AutoModel, BertConfig, BertModel, __version__, logging
except ImportError:
    sys.exit(3)

QUANTILES = [0.05, 0.5, 0.95]


class PlainArguments(torch.nn.Module):
    """The exporter hands inputs over by position, the model takes them by name."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        inputs = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
        return self.model(**inputs).last_hidden_state


def make(folder):
    torch.manual_seed(20251201)
    model = BertModel(BertConfig(), add_pooling_layer=False).eval()
    model.save_pretrained(folder)
    onnx = Path(folder) / "onnx" / "model.onnx"
    onnx.parent.mkdir()
    axes = {0: "batch", 1: "n"}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids = torch.ones(1, 8, dtype=torch.int64)
    torch.onnx.export(
        PlainArguments(model).eval(),
        tuple(ids for _ in names),
        str(onnx),
        input_names=names,
        output_names=["last_hidden_state"],
        dynamic_axes={name: axes for name in [*names, "last_hidden_state"]},
        opset_version=17,
        dynamo=False,
    )


def histograms(states):
    means = []
    for h in states:
        u = torch.nn.functional.normalize(h[0], dim=1)
        g = (u @ u.T).numpy()
        p = g[np.triu_indices(len(g), 1)]
        np.histogram(p, bins=200, range=(-1, 1), density=True)
        p.std(), np.quantile(p, QUANTILES), (p > 0.9).mean()
        means.append(float(p.mean()))
    return means


def measure(model, question):
    torch.set_num_threads(question["threads"])
    ids = torch.tensor(question["ids"])
    times = {"forward": [], "histograms": [], "total": []}
    end = time.perf_counter() + question["seconds"]
    while not times["total"] or time.perf_counter() < end:
        a = time.perf_counter()
        with torch.no_grad():
            states = model(input_ids=ids, output_hidden_states=True).hidden_states
        b = time.perf_counter()
        means = histograms(states)
        c = time.perf_counter()
        for name, seconds in [("forward", b - a), ("histograms", c - b), ("total", c - a)]:
            times[name].append(1000 * seconds)
    return {"ms": times, "mean": means}


def main():
    what, folder = sys.argv[1:]
    logging.set_verbosity_error()
    if what == "make":
        return make(folder)
    model = AutoModel.from_pretrained(folder).eval()
    version = f"PyTorch {torch.__version__}, transformers {__version__}, NumPy {np.__version__}"
    print(json.dumps({"version": version}), flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(model, json.loads(line))), flush=True)


main()
