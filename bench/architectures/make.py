"""Makes tiny random transformers of many architectures as ONNX files, with the hidden states of their own PyTorch code.

    python -m venv venv && venv/bin/pip install -r bench/architectures/requirements.txt
    venv/bin/python bench/architectures/make.py OUT [NAME…]

writes OUT/NAME/ for each case of cases.py (all of them where none is named): config.json, model.safetensors,
    inputs.json,
reference.safetensors (hidden_states.0 … L and last_hidden_state as the model reports them; block_input.k and
last_block_output where the blocks are handed, or hand on, something else) and one ONNX file for each exporter:

    model.onnx         torch.onnx, TorchScript, opset 14, attention spelt out
    model_sdpa.onnx    torch.onnx, TorchScript, opset 17, PyTorch's fused attention taken apart by the exporter
    model_dynamo.onnx  torch.onnx, dynamo, opset 18
    model_fused.onnx   model.onnx after ONNX Runtime's own optimizer (level `extended`, saved)

Exports that fail, or that give another last_hidden_state than PyTorch,
    are listed with the reason in OUT/NAME/exports.json.
Seeds are fixed.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import warnings

import onnxruntime
import torch
from cases import CASES
from safetensors.torch import load_file, save_file

warnings.filterwarnings("ignore")
EXPORTERS = {
    "model.onnx": dict(dynamo=False, opset_version=14),
    "model_sdpa.onnx": dict(dynamo=False, opset_version=17),
    "model_dynamo.onnx": dict(dynamo=True, opset_version=18, external_data=False),
}
LIMIT = 120  # seconds for one export
FAITHFUL = 1e-5  # between an export and the model: several times what float32 gives


class Last(torch.nn.Module):
    """The model with tensors for arguments and one tensor for its result."""

    def __init__(self, model, names):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *values):
        extra = {"use_cache": False} if hasattr(self.model.config, "use_cache") else {}
        return self.model(**dict(zip(self.names, values)), return_dict=True, **extra).last_hidden_state


def build(case, attention):
    torch.manual_seed(0)
    model = case.build(attention).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return model


def blocks_of(model, count):
    """The list of blocks: the list of that length, the outermost first; none where the model has no such list."""
    lists = (
        m for m in model.modules() if isinstance(m, (torch.nn.ModuleList, torch.nn.Sequential)) and len(m) == count
    )
    return next((list(m) for m in lists if any(True for _ in m[-1].parameters())), [])


def first_tensor(values):
    return (
        values if isinstance(values, torch.Tensor) else next((x for x in values if isinstance(x, torch.Tensor)), None)
    )


def reference(model, inputs, case):
    """
    The hidden states as the model reports them. Beside them, where they are another tensor, what goes into the blocks
    (block_input.k) and what comes out of the last one (last_block_output).
    """
    taken, raw = [], []
    blocks = blocks_of(model, case.layers) if case.blocks else []
    hooks = [
        block.register_forward_pre_hook(
            lambda _, args, kwargs: taken.append(first_tensor((*args, *kwargs.values()))), with_kwargs=True
        )
        for block in blocks
    ]
    hooks += [block.register_forward_hook(lambda _, __, out: raw.append(first_tensor(out))) for block in blocks[-1:]]
    with torch.no_grad():
        out = model(**inputs, output_hidden_states=True, return_dict=True)
    for hook in hooks:
        hook.remove()
    last = out.last_hidden_state
    states = getattr(out, "hidden_states", None) or (*taken, last)
    tensors = {f"hidden_states.{k}": x for k, x in enumerate(states)}
    tensors["last_hidden_state"] = last
    if len(taken) == case.layers and len(raw) == 1:
        tensors |= {
            f"block_input.{k}": x
            for k, x in enumerate(taken)
            if x.shape == states[k].shape and not torch.equal(x, states[k])
        }
        if raw[0].shape == states[-1].shape and not torch.equal(raw[0], states[-1]):
            tensors["last_block_output"] = raw[0]
    return {name: x.detach().contiguous().clone() for name, x in tensors.items()}


def export(model, inputs, path, options):
    names = list(inputs)
    module, values = Last(model, names).eval(), tuple(inputs.values())
    axes = {name: {0: "batch", 1: "n"} if x.dtype == torch.long else {0: "batch"} for name, x in inputs.items()}
    try:
        torch.onnx.export(
            module, values, path, input_names=names, output_names=["last_hidden_state"], dynamic_axes=axes, **options
        )
    except Exception:
        if not options["dynamo"]:
            raise
        torch.onnx.export(module, values, path, input_names=names, output_names=["last_hidden_state"], **options)


def fuse(source, path):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = path
    options.log_severity_level = 4
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def in_one_line(error):
    """The first line of the innermost cause: exporters wrap it in advice."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = re.sub(r"\x1b\[\d+m", "", str(error)).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"[:160]


@contextlib.contextmanager
def silence():
    """Exporters print from compiled code too, so the streams themselves are turned away."""
    kept = [os.dup(1), os.dup(2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        yield
    finally:
        for stream, copy in zip((1, 2), kept):
            os.dup2(copy, stream)
            os.close(copy)
        os.close(nowhere)


def attempt(make, path):
    """The reason in one line where it fails, else None."""
    signal.alarm(LIMIT)
    try:
        make()
        return None
    except (Exception, SystemExit) as error:
        if os.path.exists(path):
            os.remove(path)
        return in_one_line(error)
    finally:
        signal.alarm(0)


def make(name, case, out):
    folder = f"{out}/{name}"
    os.makedirs(folder, exist_ok=True)
    eager = build(case, "eager")
    inputs = case.inputs(torch.Generator().manual_seed(1))
    save_file(reference(eager, inputs, case), f"{folder}/reference.safetensors")
    save_checkpoint(eager, folder)
    listed = {
        k: {"dtype": str(v.dtype).split(".")[1], "shape": list(v.shape), "data": v.flatten().tolist()}
        for k, v in inputs.items()
    }
    with open(f"{folder}/inputs.json", "w") as file:
        json.dump(listed, file)
    results = {}
    for file, options in EXPORTERS.items():
        model = eager
        if file == "model_sdpa.onnx":
            try:
                model = build(case, "sdpa")
            except Exception:
                results[file] = "the model has no such attention"
                continue
        path = f"{folder}/{file}"
        results[file] = attempt(lambda: export(model, inputs, path, options), path) or disagreement(
            path, inputs, folder
        )
    if results["model.onnx"] is None:
        path = f"{folder}/model_fused.onnx"
        results["model_fused.onnx"] = attempt(lambda: fuse(f"{folder}/model.onnx", path), path)
    with open(f"{folder}/exports.json", "w") as file:
        json.dump(results, file, indent=1)
    return results


def save_checkpoint(model, folder):
    """config.json and model.safetensors; tensors that are tied are stored once."""
    if hasattr(model, "save_pretrained"):
        model.save_pretrained(folder)


def disagreement(path, inputs, folder):
    """What is wrong with an export that does not give what the model gives, before anything of ours has seen it."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        known = {x.name for x in session.get_inputs()}
        [found] = session.run(None, {name: x.numpy() for name, x in inputs.items() if name in known})
    except Exception as error:
        return f"does not run: {str(error).splitlines()[0]}"[:160]
    expected = load_file(f"{folder}/reference.safetensors")["last_hidden_state"].numpy()
    difference = abs(found - expected).max() if found.shape == expected.shape else float("inf")
    return None if difference < FAITHFUL else f"differs from PyTorch by {difference:.0e}"


def stop(*_):
    raise TimeoutError(f"more than {LIMIT} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    unknown = set(options.names) - set(CASES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}. known: {', '.join(CASES)}")
    signal.signal(signal.SIGALRM, stop)
    for name in options.names or CASES:
        try:
            with silence():
                results = make(name, CASES[name], options.out)
        except Exception as error:
            print(f"{name}: {type(error).__name__}: {str(error)[:300]}", flush=True)
            continue
        print(name, *(f"{file}: {reason or 'ok'}" for file, reason in results.items()), sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
