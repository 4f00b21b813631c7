"""Draws what becomes of the tokens at 12 and at 48 loops: trained, tokens shuffled, untrained, and the model that was bundled before.

Reads runs of `tokensphere probe --depth 48` over the passages (README.md has the commands). Of the former model, whose weights are
no longer here, former.csv keeps the means by layer and the histograms of layers 12 and 48; `--former RUN` writes it.
"""

import argparse
import csv
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

ROWS = {"trained": "trained", "shuffled": "tokens shuffled", "untrained": "random weights", "former": "former model"}
COLOURS = {"trained": "#33658a", "shuffled": "#6aa84f", "untrained": "#8a8a8a", "former": "#d1495b"}
SHOWN = (12, 48)
MEASURES = ("mean_cosine", "mass_0.9", "effective_rank")
TOP = 0.08  # of the share of pairs that is drawn
BINS = 200  # of histograms.json: even, from -1 to 1


def of_run(folder):
    """{measure: value by layer, mean over texts} and {layer: share of pairs by bin} of a run folder."""
    values = {}
    for row in csv.DictReader((folder / "metrics.csv").open()):
        if row["measure"] in MEASURES and row["layer"].isdigit():
            values.setdefault((row["measure"], int(row["layer"])), []).append(float(row["value"]))
    depth = max(layer for _, layer in values)
    means = {m: [float(np.mean(values[m, k])) for k in range(depth + 1)] for m in MEASURES}
    stored = json.loads((folder / "histograms.json").read_text())
    assert len(stored["edges"]) == BINS + 1
    shares = {k: np.zeros(BINS) for k in SHOWN}
    for text in stored["texts"]:
        for layer in text["layers"]:
            if layer["layer"] in SHOWN:
                counts = np.array(layer["counts"])
                shares[layer["layer"]] += counts / counts.sum() / len(stored["texts"])
    return means, shares


def write_former(path, means, shares):
    """One row a number: a measure at a layer, or the share of pairs in a bin of it."""
    with path.open("w", newline="") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow(["what", "layer", "value"])
        for m in MEASURES:
            table.writerows([m, k, f"{v:.6g}"] for k, v in enumerate(means[m]))
        for k, share in shares.items():
            table.writerows([f"bin {b}", k, f"{v:.4g}"] for b, v in enumerate(share) if v > 0)


def read_former(path):
    means, shares = {m: [] for m in MEASURES}, {k: np.zeros(BINS) for k in SHOWN}
    for row in csv.DictReader(path.open()):
        if row["what"] in MEASURES:
            means[row["what"]].append(float(row["value"]))
        else:
            shares[int(row["layer"])][int(row["what"].split()[1])] = float(row["value"])
    return means, shares


def draw(data, path):
    figure, axes = plt.subplots(2, 4, figsize=(11, 5.2))
    edges = np.linspace(-1, 1, BINS + 1)
    for (name, (means, shares)), x in zip(data.items(), range(4)):
        ax = axes[0, x]
        for layer, style in zip(SHOWN, (dict(alpha=0.35), dict(alpha=0.9))):
            ax.bar(
                edges[:-1],
                shares[layer],
                width=2 / BINS,
                align="edge",
                color=COLOURS[name],
                label=f"{layer} loops",
                **style,
            )
        ax.set_ylim(0, TOP)
        ax.set_xlim(-0.4, 1.02)
        ax.set_title(ROWS[name], fontsize=9)
        notes = [f"mean {means['mean_cosine'][12]:.2f} → {means['mean_cosine'][48]:.2f}"]
        peak = shares[SHOWN[1]].max()
        if peak > TOP:
            notes.append(f"at 48 loops\n{100 * peak:.0f} % in one bin")
        ax.text(0.03, 0.97, "\n".join(notes), transform=ax.transAxes, fontsize=7, va="top")
        ax.set_xlabel("inner product", fontsize=8)
    axes[0, 0].set_ylabel("share of pairs", fontsize=8)
    axes[0, 0].legend(fontsize=7, frameon=False, loc=(0.02, 0.35))
    grid = axes[1, 0].get_gridspec()
    for ax in axes[1]:
        ax.remove()
    for columns, measure, title in (
        (slice(0, 2), "mean_cosine", "mean cosine"),
        (slice(2, 4), "mass_0.9", "share of pairs above .9"),
    ):
        ax = figure.add_subplot(grid[1, columns])
        for name, (means, _) in data.items():
            ax.plot(means[measure], color=COLOURS[name], label=ROWS[name], lw=1.6)
        ax.axvline(12, color="#555555", lw=0.8, ls=":")
        ax.set_ylim(0, 1.03)
        ax.set_xlabel("loops (the dotted line: as many as were trained)", fontsize=8)
        ax.set_ylabel(title, fontsize=8)
        ax.legend(fontsize=7, frameon=False, loc="center right" if measure == "mean_cosine" else "center left")
    for ax in figure.axes:
        ax.tick_params(labelsize=7)
        ax.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=80)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", required=True, type=Path, help="holds the runs trained, shuffled and untrained")
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--former", type=Path, help="a run of the former model: writes former.csv")
    args = parser.parse_args()
    here = args.model / "training"
    if args.former:
        write_former(here / "former.csv", *of_run(args.former))
    data = {name: of_run(args.runs / name) for name in ROWS if name != "former"}
    data["former"] = read_former(here / "former.csv")
    for measure in MEASURES:
        print("|", measure, "|", " | ".join(str(k) for k in (0, 1, 6, 12, 16, 20, 24, 30, 48)), "|")
        for name, (means, _) in data.items():
            print(
                "|",
                ROWS[name],
                "|",
                " | ".join(f"{means[measure][k]:.3f}" for k in (0, 1, 6, 12, 16, 20, 24, 30, 48)),
                "|",
            )
    draw(data, here / "loops.png")


if __name__ == "__main__":
    main()
