"""ALBERT with one shared layer, under the parameter names of transformers' AlbertForMaskedLM, written for training speed."""

import torch
import torch.nn.functional as F

VOCAB, EMBED, POSITIONS = 8000, 128, 512
EPS = 1e-12
EMB = "albert.embeddings."
LAYER = "albert.encoder.albert_layer_groups.0.albert_layers.0."
PAD, UNK, CLS, SEP, MASK = range(5)


def config(hidden, heads, inner, loops):
    return {
        "architectures": ["AlbertForMaskedLM"],
        "model_type": "albert",
        "vocab_size": VOCAB,
        "embedding_size": EMBED,
        "hidden_size": hidden,
        "num_hidden_layers": loops,
        "num_hidden_groups": 1,
        "inner_group_num": 1,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "hidden_act": "gelu_new",
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "classifier_dropout_prob": 0.0,
        "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2,
        "initializer_range": 0.02,
        "layer_norm_eps": EPS,
        "pad_token_id": PAD,
        "bos_token_id": CLS,
        "eos_token_id": SEP,
        "tie_word_embeddings": True,
    }


CONTENT = 96  # the first embedding entries start as word content, the others as position
OFFSETS = (-1, 1, -2, 2, -3, 3, -4, 4)  # where each attention head looks at first


def sinusoids(positions, shift=0):
    """Sines and cosines of position + shift at geometric frequencies, two rows of features side by side."""
    count = (EMBED - CONTENT) // 2
    frequencies = 2.0 * 200.0 ** (-torch.arange(count) / count)
    angles = (positions[:, None] + shift) * frequencies
    return torch.cat([angles.sin(), angles.cos()], 1)


def rotation(shift):
    """The matrix R with sinusoids(p + shift) = sinusoids(p) @ R.T."""
    count = (EMBED - CONTENT) // 2
    angles = shift * 2.0 * 200.0 ** (-torch.arange(count) / count)
    c, s = angles.cos().diag(), angles.sin().diag()
    return torch.cat([torch.cat([c, s], 1), torch.cat([-s, c], 1)], 0)


def init(hidden, heads, inner, counts, words, generator):
    """Starting weights that already predict a masked word from its neighbours.

    `words` (VOCAB x CONTENT) factorizes the co-occurrence statistics: <e_a, e_b> grows with how often a stands near b.
    Head h attends to the position OFFSETS[h] away (sinusoids, rotated queries) and adds that neighbour's content, and the
    prediction head compares the sum with every word. Without this start masked training stays at the unigram loss for
    thousands of steps. `counts` (token frequencies) sets the output bias.
    """

    def normal(*shape, std=0.02):
        return torch.randn(*shape, generator=generator) * std

    e, d, c = EMBED, hidden // heads, CONTENT
    word = normal(VOCAB, e, std=0.002)
    word[:, :c] += words
    position = normal(POSITIONS, e, std=0.001)
    position[:, c:] += 0.08 * sinusoids(torch.arange(POSITIONS))
    mapping = normal(hidden, e, std=e**-0.5)
    mapping[:e] = torch.eye(e)
    query, key, value = (
        normal(hidden, hidden, std=0.01),
        normal(hidden, hidden, std=0.01),
        normal(hidden, hidden, std=0.01),
    )
    out = normal(hidden, hidden, std=0.3 * d**-0.5)
    out[:e] = normal(e, hidden, std=0.005)
    for h in range(heads):
        rows = slice(h * d, (h + 1) * d)
        query[rows][: e - c, c:e] += 1.6 * rotation(OFFSETS[h])
        key[rows][: e - c, c:e] += 1.6 * torch.eye(e - c)
        reads = torch.linalg.qr(normal(c, d, std=1.0))[0].T
        value[rows, :c] += reads
        out[:c, rows] += 0.6 * reads.T
    decide = normal(e, hidden, std=0.01)
    decide[:c, :c] += 0.3 * torch.eye(c)

    p = {
        EMB + "word_embeddings.weight": word,
        EMB + "position_embeddings.weight": position,
        EMB + "token_type_embeddings.weight": torch.zeros(2, e),
        "albert.encoder.embedding_hidden_mapping_in.weight": mapping,
        "predictions.dense.weight": decide,
        "predictions.bias": torch.log((counts.float() + 1) / (counts.sum() + VOCAB)),
        LAYER + "attention.query.weight": query,
        LAYER + "attention.key.weight": key,
        LAYER + "attention.value.weight": value,
        LAYER + "attention.dense.weight": out,
        LAYER + "ffn.weight": normal(inner, hidden, std=0.7 * hidden**-0.5),
        LAYER + "ffn_output.weight": normal(hidden, inner, std=0.2 * inner**-0.5),
    }
    for k in [k for k in p if k.endswith(".weight") and "embeddings" not in k]:
        p[k.replace(".weight", ".bias")] = torch.zeros(p[k].shape[0])
    for name, width in ((EMB + "LayerNorm", e), ("predictions.LayerNorm", e), (LAYER + "attention.LayerNorm", hidden)):
        p[name + ".weight"], p[name + ".bias"] = torch.ones(width), torch.zeros(width)
    p[LAYER + "full_layer_layer_norm.weight"] = torch.ones(hidden)
    p[LAYER + "full_layer_layer_norm.bias"] = torch.zeros(hidden)
    return {k: v.requires_grad_() for k, v in p.items()}


def norm(x, p, name):
    return F.layer_norm(x, x.shape[-1:], p[name + ".weight"], p[name + ".bias"], EPS)


def linear(x, p, name):
    return F.linear(x, p[name + ".weight"], p[name + ".bias"])


def gelu(x):
    return F.gelu(x, approximate="tanh")


def embed(p, ids, positions):
    x = F.embedding(ids, p[EMB + "word_embeddings.weight"]) + p[EMB + "position_embeddings.weight"][positions]
    x = x + p[EMB + "token_type_embeddings.weight"][0]
    return linear(norm(x, p, EMB + "LayerNorm"), p, "albert.encoder.embedding_hidden_mapping_in")


def attention(q, k, v, causal):
    """Written out: on a CPU its bfloat16 backward pass is faster than that of scaled_dot_product_attention."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if causal:
        t = q.shape[-2]
        scores = scores + torch.full((t, t), float("-inf"), dtype=q.dtype, device=q.device).triu(1)
    return scores.softmax(-1) @ v


def layer(p, x, heads, causal):
    b, t, d = x.shape
    q, k, v = (
        linear(x, p, LAYER + "attention." + n).view(b, t, heads, d // heads).transpose(1, 2)
        for n in ("query", "key", "value")
    )
    a = attention(q, k, v, causal).transpose(1, 2).reshape(b, t, d)
    x = norm(x + linear(a, p, LAYER + "attention.dense"), p, LAYER + "attention.LayerNorm")
    inner = linear(gelu(linear(x, p, LAYER + "ffn")), p, LAYER + "ffn_output")
    return norm(inner + x, p, LAYER + "full_layer_layer_norm")


def predict(p, x):
    x = norm(gelu(linear(x, p, "predictions.dense")), p, "predictions.LayerNorm")
    return F.linear(x, p[EMB + "word_embeddings.weight"], p["predictions.bias"])


def head_loss(p, x, targets):
    return F.cross_entropy(predict(p, x).float(), targets)


def matrices(p):
    """Names of the weights Muon trains: every matrix but the embeddings."""
    return [k for k, v in p.items() if v.ndim == 2 and "embeddings" not in k]


def hidden_of(p):
    return p["predictions.dense.weight"].shape[1]


def inner_of(p):
    return p[LAYER + "ffn.weight"].shape[0]
