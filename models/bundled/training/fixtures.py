"""Hidden states of two short passages, from the shipped weights: fixtures/NAME.json (ids) and NAME.safetensors (states)."""

import argparse
import json
from pathlib import Path

import torch
from evaluate import load
from safetensors.torch import save_file
from transformers import PreTrainedTokenizerFast

TEXTS = {  # text, type of the stored states
    "sea": ("The ship sailed out of the harbour at dawn.", torch.float32),
    "letter": ('"I have read your letter," said the old man.', torch.float16),
}
DEEP = ("letter", 48, (0, 12, 24, 48))


@torch.no_grad()
def states(folder, ids, loops):
    return load(folder, loops)(ids, output_hidden_states=True).hidden_states


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path)
    args = parser.parse_args()
    folder = args.model / "fixtures"
    folder.mkdir(exist_ok=True)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(args.model)
    for name, (text, dtype) in TEXTS.items():
        ids = tokenizer(text, return_tensors="pt").input_ids
        runs = [(name, 12, range(13))]
        if name == DEEP[0]:
            runs.append((f"{name}-{DEEP[1]}", DEEP[1], DEEP[2]))
        for file, loops, layers in runs:
            h = states(args.model, ids, loops)
            save_file(
                {f"hidden_states.{k}": h[k][0].to(dtype).contiguous() for k in layers}, folder / f"{file}.safetensors"
            )
            (folder / f"{file}.safetensors").chmod(0o644)
            tokens = tokenizer.convert_ids_to_tokens(ids[0].tolist())
            entry = {"text": text, "input_ids": ids[0].tolist(), "tokens": tokens, "num_hidden_layers": loops}
            entry |= {"layers": list(layers), "dtype": str(dtype).removeprefix("torch.")}
            (folder / f"{file}.json").write_text(json.dumps(entry, ensure_ascii=False) + "\n", encoding="utf8")
            print(file, tuple(ids.shape), f"largest entry {max(h[k].abs().max().item() for k in layers):.2f}")


if __name__ == "__main__":
    main()
