"""Reads the corpus: one paragraph per line, an empty line between books, a manifest in the same order."""

import lzma
from pathlib import Path

HERE = Path(__file__).parent


def read_books(folder):
    """Yields (author, title, year, [paragraphs]) for each book of the corpus folder."""
    folder = Path(folder)
    rows = [line.split("\t") for line in (folder / "manifest.tsv").read_text("utf8").splitlines() if line.strip()]
    text = lzma.open(folder / "english.txt.xz", "rt", encoding="utf8").read()
    books = [b for b in text.split("\n\n") if b.strip()]
    assert len(rows) == len(books), f"{len(rows)} manifest rows, {len(books)} books"
    for row, book in zip(rows, books):
        paragraphs = [p for p in book.split("\n") if p.strip()]
        yield row[0].strip(), row[1].strip(), int(row[2]), paragraphs


def held_out_titles():
    """The set of (author, title) that no training step may see."""
    lines = (HERE / "heldout.txt").read_text("utf8").splitlines()
    return {tuple(part.strip() for part in line.split("\t")) for line in lines if line.strip()}
