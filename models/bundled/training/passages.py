"""Cuts the sample passages out of held-out books: whole paragraphs from a given phrase on, ended after a sentence."""

import argparse
import json
import re
from pathlib import Path

from corpus import held_out_titles, read_books
from tokenizers import Tokenizer

# (file, title, first words of the paragraph it starts with, kind)
CHOSEN = [
    ("alice.txt", "Alice's Adventures in Wonderland", "The Hatter opened his eyes very wide", "dialogue"),
    ("time-machine.txt", "The Time Machine", "'I drew a breath, set my teeth", "novel, narrative"),
    ("heart-of-darkness.txt", "Heart of Darkness", '"Going up that river was like', "novel, description"),
    ("on-liberty.txt", "On Liberty", "The time, it is to be hoped, is gone by", "philosophy"),
    (
        "origin-of-species.txt",
        "On the Origin of Species",
        "In the case of every species, many different checks",
        "natural history",
    ),
    (
        "wealth-of-nations.txt",
        "The Wealth of Nations",
        "To take an example, therefore, from a very trifling",
        "economics",
    ),
    ("happy-prince.txt", "The Happy Prince & Other Tales", "High above the city", "fairy tale, lyrical prose"),
    (
        "wood-beyond-the-world.txt",
        "The Wood Beyond the World",
        "Awhile ago there was a young man",
        "romance, archaic prose",
    ),
]
LEAST, MOST = 300, 380


def cut(paragraphs, start, count):
    """Text of LEAST..MOST tokens from the paragraph that begins with `start`."""
    first = next(i for i, p in enumerate(paragraphs) if p.startswith(start))
    text = ""
    for paragraph in paragraphs[first:]:
        for k, sentence in enumerate(re.split(r"(?<=[.!?])(?:\s+)|(?<=[.!?][\"'])\s+", paragraph)):
            longer = text + (" " if k else "\n" if text else "") + sentence
            if count(longer) > MOST:
                return text
            text = longer
        if count(text) >= LEAST:
            return text
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True, type=Path)
    parser.add_argument("--model", required=True, type=Path, help="folder of tokenizer.json; passages/ goes there")
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    held = held_out_titles()
    books = {b[1]: b for b in read_books(args.corpus) if (b[0], b[1]) in held}
    folder = args.model / "passages"
    folder.mkdir(exist_ok=True)
    entries = []
    for file, title, start, kind in CHOSEN:
        author, _, year, paragraphs = books[title]
        text = cut(paragraphs, start, lambda s: len(tokenizer.encode(s).ids))
        (folder / file).write_text(text + "\n", encoding="utf8")
        entry = {
            "file": file,
            "author": author,
            "title": title,
            "year": year,
            "kind": kind,
            "tokens": len(tokenizer.encode(text).ids),
        }
        entries.append({**entry, "default": True} if not entries else entry)
    (folder / "passages.json").write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    for e in entries:
        print(e["tokens"], e["file"])


if __name__ == "__main__":
    main()
