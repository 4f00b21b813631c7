"""Trains the model against the clock: the schedule is a function of the share of time spent, and ends at --until."""

import argparse
import csv
import json
import os
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import model as M
import numpy as np
import torch

# (ends at this share of the time, causal, loops, length, sequences a step, share of tokens predicted)
PHASES = [
    (0.45, False, 3, 128, 32, 0.25),
    (0.55, False, 4, 128, 32, 0.25),
    (0.63, False, 5, 128, 32, 0.25),
    (1.01, False, 6, 128, 32, 0.25),
]
DECAY_FROM = 0.35


def orthogonal(g, steps=5):
    """Newton-Schulz iteration towards the orthogonal factor of g (the Muon update)."""
    x = g.bfloat16()
    if tall := x.shape[0] > x.shape[1]:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return (x.T if tall else x).float()


class Muon:
    def __init__(self, p, names, momentum=0.95):
        self.p, self.names, self.momentum = p, names, momentum
        self.state = {n: torch.zeros_like(p[n]) for n in names}

    @torch.no_grad()
    def step(self, lr):
        for n in self.names:
            w, m = self.p[n], self.state[n]
            m.lerp_(w.grad, 1 - self.momentum)
            update = orthogonal(w.grad.lerp(m, self.momentum))
            w.add_(update, alpha=-lr * max(1, w.shape[0] / w.shape[1]) ** 0.5)


def rate(progress, steps):
    decay = min(1.0, max(0.0, (1 - progress) / (1 - DECAY_FROM)))
    return min(1.0, (steps + 1) / 100) * decay


class Batches:
    """Random windows of the corpus as [CLS] text [SEP]."""

    def __init__(self, ids, seed):
        self.ids, self.rng = ids, np.random.default_rng(seed)

    def windows(self, count, length):
        starts = self.rng.integers(0, len(self.ids) - length, count)
        text = np.stack([self.ids[s : s + length - 2] for s in starts]).astype(np.int64)
        return np.concatenate([np.full((count, 1), M.CLS), text, np.full((count, 1), M.SEP)], 1)

    def positions(self, length, room):
        """[CLS] stays at 0, the text starts anywhere in the trained range: all its positions learn from short windows."""
        offset = int(self.rng.integers(0, room - length + 1)) if self.rng.random() < 0.5 else 0
        return np.concatenate([[0], np.arange(1, length) + offset])

    def batch(self, causal, count, length, share, room):
        x = self.windows(count, length)
        k = round(share * length)
        pick = np.argsort(self.rng.random((count, length - 2)), 1)[:, :k] + (0 if causal else 1)
        flat = (pick + np.arange(count)[:, None] * length).ravel()
        targets = x.ravel()[flat + 1 if causal else flat]
        if not causal:
            x.ravel()[flat] = M.MASK
        return tuple(map(torch.from_numpy, (x, self.positions(length, room), flat, targets)))


def held_batches(ids, sequences, length, share=0.15, size=16, seed=1):
    """Evenly spaced held-out windows, `share` of the positions replaced by [MASK]: (input, positions of masks, targets)."""
    rng = np.random.default_rng(seed)
    starts = np.linspace(0, len(ids) - length, sequences).astype(int)
    for i in range(0, sequences, size):
        rows = [
            np.concatenate([[M.CLS], ids[s : s + length - 2].astype(np.int64), [M.SEP]]) for s in starts[i : i + size]
        ]
        x = np.stack(rows)
        mask = np.zeros_like(x, dtype=bool)
        mask[:, 1:-1] = rng.random((len(rows), length - 2)) < share
        flat = np.flatnonzero(mask)
        targets = x.ravel()[flat].copy()
        x.ravel()[flat] = M.MASK
        yield torch.from_numpy(x), torch.from_numpy(flat), torch.from_numpy(targets)


def half(p, dtype):
    return {k: v.to(dtype) for k, v in p.items()}


@torch.no_grad()
def evaluate(p, heads, loops, ids, dtype, device, sequences=96, length=320):
    p, loss, hits, total = half(p, dtype), 0.0, 0, 0
    for x, flat, targets in held_batches(ids, sequences, length):
        h = M.embed(p, x.to(device), torch.arange(length, device=device))
        for _ in range(loops):
            h = M.layer(p, h, heads, False)
        logits = M.predict(p, h.flatten(0, 1)[flat.to(device)]).float()
        targets = targets.to(device)
        loss += torch.nn.functional.cross_entropy(logits, targets, reduction="sum").item()
        hits += (logits.argmax(1) == targets).sum().item()
        total += len(targets)
    return loss / total, hits / total


def clock(text):
    """'09:15' (UTC, today) as seconds since the epoch; '+90' means minutes from now."""
    now = datetime.now(timezone.utc)
    if text.startswith("+"):
        return (now + timedelta(minutes=float(text[1:]))).timestamp()
    hour, minute = map(int, text.split(":"))
    return now.replace(hour=hour, minute=minute, second=0, microsecond=0).timestamp()


def save(path, p, adam, muon, state):
    temporary = path.with_suffix(".tmp")
    torch.save({"model": p, "adam": adam.state_dict(), "muon": muon.state, **state}, temporary)
    os.replace(temporary, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--until", required=True, help="UTC time HH:MM, or +MINUTES")
    parser.add_argument("--hidden", type=int, default=320)
    parser.add_argument("--heads", type=int, default=5)
    parser.add_argument("--inner", type=int, default=1280)
    parser.add_argument("--muon-lr", type=float, default=0.004)
    parser.add_argument("--adam-lr", type=float, default=0.001)
    parser.add_argument("--room", type=int, default=384, help="positions that are trained")
    parser.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt; its progress counts")
    parser.add_argument("--from-progress", type=float, help="with --resume: pretend this share of the time is spent")
    parser.add_argument("--phases", help="JSON list that replaces PHASES")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--eval-every", type=float, default=300)
    parser.add_argument("--save-every", type=float, default=300)
    parser.add_argument("--stop-at", type=float, default=1.0, help="stop when this share is spent (for trials)")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16
    phases = json.loads(args.phases) if args.phases else PHASES
    args.out.mkdir(parents=True, exist_ok=True)
    train, held = np.load(args.data / "train.npy"), np.load(args.data / "held.npy")
    counts = torch.from_numpy(np.bincount(train, minlength=M.VOCAB))
    state = {"steps": 0, "tokens": 0, "seconds": 0.0, "progress": 0.0, "heads": args.heads}

    if args.resume:
        saved = torch.load(args.out / "checkpoint.pt", map_location=device)
        p = {k: v.detach().to(device).requires_grad_() for k, v in saved["model"].items()}
        state = {k: saved[k] for k in state}
        if args.from_progress is not None:
            state["progress"] = args.from_progress
    else:
        words = torch.from_numpy(np.load(args.data / "embed.npy"))
        p = M.init(args.hidden, args.heads, args.inner, counts, words, torch.Generator().manual_seed(args.seed))
        p = {k: v.detach().to(device).requires_grad_() for k, v in p.items()}
    heads, names = state["heads"], M.matrices(p)
    muon = Muon(p, names)
    adam = torch.optim.Adam(
        [v for k, v in p.items() if k not in names], lr=args.adam_lr, betas=(0.9, 0.95), eps=1e-10, fused=True
    )
    if args.resume:
        muon.state = saved["muon"]
        adam.load_state_dict(saved["adam"])

    layer, head_loss, embed = M.layer, M.head_loss, M.embed
    if not args.no_compile:
        torch._dynamo.config.cache_size_limit = 64
        layer, head_loss, embed = (torch.compile(f, dynamic=False) for f in (layer, head_loss, embed))

    batches = Batches(train, args.seed + state["steps"])
    log_path = args.out / "log.csv"
    log = csv.writer(log_file := open(log_path, "a" if args.resume else "w", newline=""))
    if not args.resume:
        log.writerow("seconds tokens steps phase causal loops length train_loss held_loss held_accuracy".split())
    begun, end = time.time(), clock(args.until)
    first, spent_before = state["progress"], state["seconds"]
    last_eval = last_save = begun
    recent, phase_index = [], -1
    while True:
        now = time.time()
        state["progress"] = first + (1 - first) * (now - begun) / (end - begun)
        state["seconds"] = spent_before + now - begun
        if state["progress"] >= args.stop_at:
            break
        index = next(i for i, ph in enumerate(phases) if state["progress"] < ph[0])
        _, causal, loops, length, count, share = phases[index]
        if index != phase_index:
            phase_index, t0, n0 = index, now, state["tokens"]
            print(f"phase {index}: {phases[index]} at {state['seconds']:.0f} s, step {state['steps']}", flush=True)
            last_eval = min(last_eval, now - args.eval_every + 45)

        x, positions, flat, targets = (t.to(device) for t in batches.batch(causal, count, length, share, args.room))
        q = half(p, dtype)
        h = embed(q, x, positions)
        for _ in range(loops):
            h = layer(q, h, heads, causal)
        loss = head_loss(q, h.flatten(0, 1)[flat], targets)
        loss.backward()
        scale = rate(state["progress"], state["steps"])
        torch.nn.utils.clip_grad_norm_([v for k, v in p.items() if k not in names], 1.0)
        muon.step(args.muon_lr * scale)
        for group in adam.param_groups:
            group["lr"] = args.adam_lr * scale
        adam.step()
        for v in p.values():
            v.grad = None
        state["steps"] += 1
        state["tokens"] += x.numel()
        recent.append(loss.item())
        if state["steps"] % 50 == 0:
            speed = (state["tokens"] - n0) / (time.time() - t0)
            t0, n0 = time.time(), state["tokens"]
            print(
                f"{state['seconds']:6.0f} s  {state['steps']:6d}  loss {np.mean(recent[-50:]):.3f}  {speed:.0f} tokens/s  rate {scale:.2f}",
                flush=True,
            )
        if now - last_eval >= args.eval_every:
            held_loss, accuracy = evaluate(p, heads, loops, held, dtype, device) if not causal else ("", "")
            row = [round(state["seconds"]), state["tokens"], state["steps"], index, int(causal), loops, length]
            log.writerow([*row, round(float(np.mean(recent)), 4), held_loss, accuracy])
            log_file.flush()
            print("held-out", *row, f"train {np.mean(recent):.3f}", held_loss, accuracy, flush=True)
            recent, last_eval = [], now
        if now - last_save >= args.save_every:
            save(args.out / "checkpoint.pt", p, adam, muon, state)
            last_save = now
    state["progress"] = min(1.0, state["progress"])
    save(args.out / "checkpoint.pt", p, adam, muon, state)
    held_loss, accuracy = evaluate(p, heads, loops, held, dtype, device, sequences=192)
    log.writerow(
        [
            round(state["seconds"]),
            state["tokens"],
            state["steps"],
            index,
            int(causal),
            loops,
            length,
            round(float(np.mean(recent or [float("nan")])), 4),
            held_loss,
            accuracy,
        ]
    )
    print("end", state, held_loss, accuracy, flush=True)


if __name__ == "__main__":
    main()
