"""Held-out masked-token accuracy and loss of the shipped model and of its baselines; fill-mask examples."""

import argparse
import json
from pathlib import Path

import model as M
import numpy as np
import torch
import torch.nn.functional as F
from train import held_batches
from transformers import AlbertConfig, AlbertForMaskedLM, PreTrainedTokenizerFast

EXAMPLES = [
    "He opened the [MASK] and went into the house.",
    "She had been married to him for many [MASK].",
    "The ship was lost in the storm, and all the [MASK] were drowned.",
    "It was a dark and stormy [MASK].",
    "The king and the [MASK] sat upon their thrones.",
    '"I do not know," he [MASK], "what you mean."',
]


def load(folder, loops=None):
    config = AlbertConfig.from_pretrained(folder)
    config.num_hidden_layers = loops or config.num_hidden_layers
    return AlbertForMaskedLM.from_pretrained(
        folder, config=config, dtype=torch.float32, attn_implementation="eager"
    ).eval()


def untrained(folder, seed=0):
    torch.manual_seed(seed)
    config = AlbertConfig.from_pretrained(folder)
    config._attn_implementation = "eager"
    return AlbertForMaskedLM(config).eval()


def shuffled(x, flat, rng):
    """Unmasked text tokens of each row in random order; [CLS], [SEP] and the masked positions stay."""
    y = x.numpy().copy()
    masked = np.zeros(y.size, dtype=bool)
    masked[flat.numpy()] = True
    masked = masked.reshape(y.shape)
    for row, m in zip(y, masked):
        free = np.flatnonzero(~m[1:-1]) + 1
        row[free] = row[rng.permutation(free)]
    return torch.from_numpy(y)


@torch.no_grad()
def score(net, ids, sequences, length, change=lambda x, flat: x):
    """Loss and accuracy at the masked positions, with the standard error of the accuracy over sequences."""
    losses, hits, rows = [], [], []
    for x, flat, targets in held_batches(ids, sequences, length):
        with torch.autocast("cpu", torch.bfloat16):
            h = net.albert(change(x, flat)).last_hidden_state
            logits = net.predictions(h.flatten(0, 1)[flat]).float()
        losses.append(F.cross_entropy(logits, targets, reduction="none"))
        hits.append((logits.argmax(1) == targets).float())
        rows.append(flat // length + 1000 * len(rows))
    return summary(torch.cat(losses), torch.cat(hits), torch.cat(rows))


def unigram(train, ids, sequences, length):
    counts = np.bincount(train, minlength=M.VOCAB) + 1.0
    logp = torch.from_numpy(np.log(counts / counts.sum()))
    parts = list(held_batches(ids, sequences, length))
    targets = torch.cat([t for _, _, t in parts])
    rows = torch.cat([f // length + 1000 * i for i, (_, f, _) in enumerate(parts)])
    return summary(-logp[targets], (targets == int(counts.argmax())).float(), rows)


def summary(losses, hits, rows):
    _, rows = rows.unique(return_inverse=True)
    sums = torch.zeros(int(rows.max()) + 1).index_add_(0, rows, hits.float())
    per_row = sums / rows.bincount()
    error = (per_row.std() / len(per_row) ** 0.5).item()
    return {"loss": losses.mean().item(), "accuracy": hits.mean().item(), "error": error, "tokens": len(hits)}


@torch.no_grad()
def fill(net, tokenizer, text, top=5):
    batch = tokenizer(text, return_tensors="pt")
    at = (batch.input_ids[0] == M.MASK).nonzero()[0].item()
    p = net(**batch).logits[0, at].softmax(-1)
    value, index = p.topk(top)
    return [(tokenizer.convert_ids_to_tokens(i), round(v, 3)) for v, i in zip(value.tolist(), index.tolist())]


def show(name, r):
    low, high = (100 * (r["accuracy"] + side * 1.96 * r["error"]) for side in (-1, 1))
    accuracy = f"{100 * r['accuracy']:.1f} % ± {100 * r['error']:.1f} (95 %: {low:.1f} to {high:.1f})"
    print(f"{name:45s} loss {r['loss']:.3f}  accuracy {accuracy}  ({r['tokens']} tokens)", flush=True)


def report(folder, data, n, length):
    """All numbers of one model: the same windows and masks for every model, and for each of its baselines."""
    ids, net, rng = np.load(data / "held.npy"), load(folder), np.random.default_rng(2)
    show("model", score(net, ids, n, length))
    show("shuffled", score(net, ids, n, length, lambda x, flat: shuffled(x, flat, rng)))
    show("untrained", score(untrained(folder), ids, n, length))
    for loops in (6, 12, 18, 24, 48):
        show(f"loops {loops}", score(load(folder, loops), ids, n // 5, length))
    at = 0
    for book in json.loads((data / "held.json").read_text()):
        show(book["title"], score(net, ids[at : at + book["tokens"]], 32, length))
        at += book["tokens"]
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    for text in EXAMPLES:
        print(text, fill(net, tokenizer, text))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument(
        "--model", required=True, type=Path, nargs="+", help="one folder or more, with the same tokenizer"
    )
    parser.add_argument("--sequences", type=int, default=300)
    parser.add_argument("--length", type=int, default=320)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    held, train = np.load(args.data / "held.npy"), np.load(args.data / "train.npy")
    show("unigram", unigram(train, held, args.sequences, args.length))
    for folder in args.model:
        print(f"-- {folder}")
        report(folder, args.data, args.sequences, args.length)


if __name__ == "__main__":
    main()
