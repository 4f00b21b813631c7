"""Draws the distributions of pairwise inner products of the normalised token states, layer by layer."""
import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from evaluate import load, untrained

LAYERS = (0, 1, 3, 6, 9, 12)


@torch.no_grad()
def products(net, ids):
    """{layer: inner products <x_i, x_j>, i < j, of the L2-normalised states without [CLS] and [SEP]}."""
    result = {}
    for k, h in enumerate(net(ids, output_hidden_states=True).hidden_states):
        x = torch.nn.functional.normalize(h[0, 1:-1], dim=-1)
        i, j = torch.triu_indices(len(x), len(x), 1)
        result[k] = (x @ x.T)[i, j].numpy()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path)
    args = parser.parse_args()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(args.model)
    passages = json.loads((args.model / "passages" / "passages.json").read_text("utf8"))
    net, random = load(args.model), untrained(args.model)
    rng = np.random.default_rng(0)
    rows = {"trained": [], "shuffled tokens": [], "random weights": []}
    for p in passages:
        ids = tokenizer((args.model / "passages" / p["file"]).read_text("utf8"), return_tensors="pt").input_ids
        mixed = ids.clone()
        mixed[0, 1:-1] = ids[0, 1:-1][torch.from_numpy(rng.permutation(ids.shape[1] - 2))]
        for name, model, x in zip(rows, (net, net, random), (ids, mixed, ids)):
            rows[name].append(products(model, x))
    figure, axes = plt.subplots(3, len(LAYERS), figsize=(11, 5.4), sharex=True, sharey=True)
    bins = np.linspace(-1, 1, 81)
    for row, (name, runs) in enumerate(rows.items()):
        line = axes[row]
        means = [np.mean(np.concatenate([r[k] for r in runs])) for k in range(13)]
        print(f"{name}: mean cosine by layer " + " ".join(f"{k}:{m:.3f}" for k, m in enumerate(means)))
        for ax, k in zip(line, LAYERS):
            values = np.concatenate([r[k] for r in runs])
            ax.hist(values, bins=bins, weights=np.full(len(values), 1 / len(values)), color="#33658a")
            ax.axvline(means[k], color="#d1495b", lw=1)
            ax.set_title(f"layer {k}" if row == 0 else "", fontsize=9)
            ax.tick_params(labelsize=7)
            ax.text(0.04, 0.86, f"mean {means[k]:.2f}", transform=ax.transAxes, fontsize=7, color="#d1495b")
            for side in ("top", "right"):
                ax.spines[side].set_visible(False)
        line[0].set_ylabel(name + "\nshare of pairs", fontsize=8)
    axes[0, 0].set_ylim(0, 0.15)
    figure.supxlabel("inner product of two normalised token states", fontsize=8)
    figure.tight_layout()
    figure.savefig(args.model / "training" / "histograms.png", dpi=80)


if __name__ == "__main__":
    main()
