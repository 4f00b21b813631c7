"""Draws training/loss.png from the log of a run: training and held-out loss, held-out accuracy, phases."""

import argparse
import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def column(rows, name):
    return [float(r[name]) if r[name] else float("nan") for r in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", required=True, type=Path)
    parser.add_argument("--model", required=True, type=Path)
    args = parser.parse_args()
    rows = list(csv.DictReader(args.log.open()))
    minutes = [float(r["seconds"]) / 60 for r in rows]
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(7, 5), sharex=True, height_ratios=[2, 1])
    top.plot(
        minutes, column(rows, "train_loss"), ".-", color="#8a8a8a", label="training batches, 20 % of the positions"
    )
    top.plot(minutes, column(rows, "held_loss"), "o-", color="#33658a", label="held-out books, 15 % masked, length 320")
    bottom.plot(minutes, [100 * a for a in column(rows, "held_accuracy")], "o-", color="#33658a")
    begins = [0] + [i for i in range(1, len(rows)) if rows[i]["phase"] != rows[i - 1]["phase"]]
    ends = [*begins[1:], len(rows)]
    for i, j in zip(begins, ends):
        start = minutes[i - 1] if i else 0
        for ax in (top, bottom):
            ax.axvline(start, color="#d1495b", lw=0.7, ls=":")
        text = f"{rows[i]['loops']} × {rows[i]['length']}"
        top.text((start + minutes[j - 1]) / 2, 1.02, text, transform=top.get_xaxis_transform(), fontsize=7, ha="center")
    top.set_ylabel("loss (nats per token)")
    top.legend(fontsize=7, frameon=False)
    bottom.set_ylabel("accuracy (%)")
    bottom.set_xlabel("minutes of training (above: loops × window)")
    bottom.set_ylim(0)
    for ax in (top, bottom):
        ax.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(args.model / "training" / "loss.png", dpi=80)


if __name__ == "__main__":
    main()
