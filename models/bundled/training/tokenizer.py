"""Trains the Unigram tokenizer on a sample of the training books and encodes the corpus to uint16 arrays."""

import argparse
import json
import random
from pathlib import Path

import numpy as np
from corpus import held_out_titles, read_books
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SPECIAL = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
SPACED = '"—()[]{}'  # marks that stand as words of their own
FOLDED = [("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("--", "—"), ("_", "")]


def normalizer():
    steps = [normalizers.Replace(a, b) for a, b in FOLDED]
    steps += [normalizers.Replace(c, f" {c} ") for c in SPACED]
    steps += [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
    steps += [normalizers.Replace(Regex(r"\s+"), " "), normalizers.Replace(Regex(r"\s+$"), "")]
    return normalizers.Sequence(steps)


def with_marks(state):
    """Gives each spaced mark one piece with its space (the trainer never proposes them), in place of the rarest pieces."""
    vocab = state["model"]["vocab"]
    bare = {piece: i for i, (piece, _) in enumerate(vocab) if piece in SPACED}
    added = [["▁" + piece, vocab[i][1]] for piece, i in bare.items()]
    rarest = sorted((s, i) for i, (piece, s) in enumerate(vocab) if i >= len(SPECIAL) and len(piece) > 2)[: len(added)]
    gone = {i for _, i in rarest}
    for i in bare.values():
        vocab[i][1] -= 5
    state["model"]["vocab"] = [entry for i, entry in enumerate(vocab) if i not in gone] + added
    return state


def train(paragraphs, size):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizer()
    metaspace = pre_tokenizers.Metaspace(prepend_scheme="first")
    # While training, punctuation is cut off, so that no piece mixes it with letters; afterwards the split is not needed.
    cut = pre_tokenizers.Split(Regex(r"[^\w▁']"), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([metaspace, cut])
    trainer = trainers.UnigramTrainer(vocab_size=size, special_tokens=SPECIAL, unk_token="<unk>", max_piece_length=16)
    tokenizer.train_from_iterator(paragraphs, trainer, length=len(paragraphs))
    tokenizer = Tokenizer.from_str(json.dumps(with_marks(json.loads(tokenizer.to_str()))))
    tokenizer.pre_tokenizer = metaspace
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(t, tokenizer.token_to_id(t)) for t in ("[CLS]", "[SEP]")],
    )
    tokenizer.add_special_tokens([AddedToken("[MASK]", lstrip=True, special=True, normalized=False)])
    return tokenizer


def encode(tokenizer, paragraphs, block=2000):
    parts = []
    for i in range(0, len(paragraphs), block):
        for e in tokenizer.encode_batch_fast(paragraphs[i : i + block], add_special_tokens=False):
            parts.append(np.array(e.ids, dtype=np.uint16))
    return np.concatenate(parts)


def write_configs(folder):
    tokens = {"pad_token": "<pad>", "unk_token": "<unk>", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    mask = {"content": "[MASK]", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False}
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": 512,
        "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
        **tokens,
        "mask_token": {"__type": "AddedToken", **mask, "special": True},
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "special_tokens_map.json").write_text(json.dumps({**tokens, "mask_token": mask}, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True, type=Path)
    parser.add_argument("--model", required=True, type=Path, help="where tokenizer.json goes")
    parser.add_argument("--data", required=True, type=Path, help="where train.npy and held.npy go")
    parser.add_argument("--size", type=int, default=8000)
    parser.add_argument("--sample", type=int, default=25_000_000, help="characters the tokenizer is trained on")
    args = parser.parse_args()
    args.data.mkdir(parents=True, exist_ok=True)

    held_titles = held_out_titles()
    books = list(read_books(args.corpus))
    held = [b for b in books if (b[0], b[1]) in held_titles]
    assert len(held) == len(held_titles), "a held-out title is not in the manifest"
    held_lines = {p for b in held for p in b[3] if len(p) > 80}
    training = [[p for p in b[3] if p not in held_lines] for b in books if (b[0], b[1]) not in held_titles]

    paragraphs = [p for b in training for p in b]
    random.Random(0).shuffle(paragraphs)
    mean = sum(map(len, paragraphs)) / len(paragraphs)
    tokenizer = train(paragraphs[: int(args.sample / mean)], args.size)
    tokenizer.save(str(args.model / "tokenizer.json"))
    write_configs(args.model)

    ids = encode(tokenizer, [p for b in training for p in b])
    np.save(args.data / "train.npy", ids)
    parts = [encode(tokenizer, b[3]) for b in held]
    np.save(args.data / "held.npy", np.concatenate(parts))
    sizes = [{"author": b[0], "title": b[1], "year": b[2], "tokens": len(p)} for b, p in zip(held, parts)]
    (args.data / "held.json").write_text(json.dumps(sizes, indent=1))
    print(
        f"{len(training)} training books, {len(ids)} tokens; {len(held)} held-out books, {sum(map(len, parts))} tokens"
    )
    print(f"unknown: {np.mean(ids == 1):.2e}")


if __name__ == "__main__":
    main()
