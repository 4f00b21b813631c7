"""Turns a checkpoint trained at few loops into the start for twice as many: each pass of the layer takes a smaller step.

What a pass adds to its input (attention.dense and ffn_output) is multiplied by --factor, as a smaller time step would.
"""

import argparse
from pathlib import Path

import model as M
import torch


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--factor", type=float, default=0.34)
    args = parser.parse_args()
    saved = torch.load(args.checkpoint, map_location="cpu")
    with torch.no_grad():
        for name in ("attention.dense", "ffn_output"):
            for part in (".weight", ".bias"):
                saved["model"][M.LAYER + name + part].mul_(args.factor)
    torch.save(saved, args.out)


if __name__ == "__main__":
    main()
