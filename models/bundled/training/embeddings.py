"""Initial word embeddings: a truncated factorization of positive pointwise mutual information within a window."""

import argparse
from pathlib import Path

import model as M
import numpy as np
import torch


def cooccurrence(ids, window, block=2_000_000):
    """Symmetric counts of pairs at distance 1..window, weighted by 1/distance."""
    counts = np.zeros(M.VOCAB * M.VOCAB, dtype=np.float32)
    for distance in range(1, window + 1):
        for i in range(0, len(ids) - distance, block):
            left = ids[i : i + block].astype(np.int64)[: len(ids) - distance - i]
            right = ids[i + distance : i + distance + len(left)]
            counts += np.bincount(left * M.VOCAB + right, minlength=len(counts)).astype(np.float32) / distance
    counts = counts.reshape(M.VOCAB, M.VOCAB)
    return counts + counts.T


def ppmi(counts):
    """log(p(a,b) / (p(a) p(b)^0.75)), cut at 0."""
    total = counts.sum()
    rows = counts.sum(1)
    context = rows**0.75
    context /= context.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(counts / total / np.outer(rows / total, context))
    return np.nan_to_num(np.maximum(value, 0), nan=0.0, posinf=0.0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--window", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=24_000_000)
    parser.add_argument("--scale", type=float, default=0.05, help="standard deviation of the entries")
    args = parser.parse_args()
    torch.manual_seed(0)
    ids = np.load(args.data / "train.npy")[: args.tokens]
    matrix = torch.from_numpy(ppmi(cooccurrence(ids, args.window, block=len(ids))))
    u, s, v = torch.svd_lowrank(matrix, q=3 * M.CONTENT, niter=3)
    positive = (u * v).sum(0) > 0  # of a symmetric matrix: the positive eigenvalues, which <e_a, e_b> can express
    positive[0] = False  # the common mean
    e = (u * s.sqrt())[:, positive][:, : M.CONTENT]
    print(f"{int(positive.sum())} positive of {len(s)}; singular values {s[1]:.0f} to {s[positive][M.CONTENT - 1]:.0f}")
    e = e / e.norm(dim=1, keepdim=True).clamp_min(1e-3) * args.scale * M.CONTENT**0.5
    np.save(args.data / "embed.npy", e.numpy())


if __name__ == "__main__":
    main()
