"""The architectures: what each is made of and fed with. Small numbers, so that a block takes a millisecond."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import torch
from transformers import AutoConfig, AutoModel

N, BATCH = 12, 2
SMALL = dict(
    vocab_size=100,
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=64,
    max_position_embeddings=40,
    initializer_range=0.2,
    pad_token_id=0,
)
GPT = dict(vocab_size=100, n_embd=32, n_layer=3, n_head=4, n_positions=40, initializer_range=0.2)
GQA = dict(SMALL, num_key_value_heads=2)
VISION = dict(
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=64,
    image_size=16,
    patch_size=4,
    initializer_range=0.2,
)
SEQ2SEQ = dict(
    vocab_size=100,
    d_model=32,
    encoder_layers=3,
    decoder_layers=1,
    encoder_attention_heads=4,
    decoder_attention_heads=4,
    encoder_ffn_dim=64,
    decoder_ffn_dim=64,
    max_position_embeddings=40,
    init_std=0.2,
    pad_token_id=1,
)
SPEECH = dict(
    SMALL,
    conv_dim=[16, 16],
    conv_stride=[5, 2],
    conv_kernel=[10, 3],
    num_feat_extract_layers=2,
    num_conv_pos_embeddings=8,
    num_conv_pos_embedding_groups=4,
    feat_extract_norm="layer",
)

EAGER_EXPERTS = dict(experts_implementation="eager")


def text(generator):
    """Two rows, the second padded on the right."""
    mask = torch.ones(BATCH, N, dtype=torch.long)
    mask[1, 8:] = 0
    ids = torch.randint(5, 100, (BATCH, N), generator=generator)
    return {"input_ids": ids * mask, "attention_mask": mask}


def text_padded_with_one(generator):
    inputs = text(generator)
    return {**inputs, "input_ids": inputs["input_ids"] + 1 - inputs["attention_mask"]}


def seen_text(generator):
    """For a decoder that looks at an encoder's states."""
    return {
        "input_ids": torch.randint(5, 100, (BATCH, N), generator=generator),
        "encoder_hidden_states": torch.randn(BATCH, 7, 32, generator=generator),
    }


def full_text(generator):
    """Without padding: for models that cannot be exported, or do not agree with themselves, with it."""
    return {"input_ids": torch.randint(5, 100, (BATCH, N), generator=generator)}


def boxes(generator):
    corners = torch.randint(0, 20, (BATCH, N, 2), generator=generator)
    return {**text(generator), "bbox": torch.cat([corners, corners + 10], -1)}


def image(generator):
    return {"pixel_values": torch.randn(BATCH, 3, 16, 16, generator=generator)}


def large_image(generator):
    return {"pixel_values": torch.randn(BATCH, 3, 32, 32, generator=generator)}


def mel(generator):
    return {"input_features": torch.randn(BATCH, 8, 40, generator=generator)}


def sound(generator):
    return {"input_values": torch.randn(BATCH, 300, generator=generator)}


def spectrogram(generator):
    return {"input_values": torch.randn(BATCH, 16, 16, generator=generator)}


def video(generator):
    return {"pixel_values": torch.randn(BATCH, 4, 3, 16, 16, generator=generator)}


@dataclass
class Case:
    """A model: its type, its config, its inputs, the part that is exported, and its number of blocks."""

    model_type: str
    options: dict = field(default_factory=dict)
    inputs: object = text
    part: str = ""
    layers: int = 3
    more: dict = field(default_factory=dict)  # for from_config
    blocks: bool = True  # whether each block is a module of its own

    def build(self, attention):
        config = AutoConfig.for_model(self.model_type, **self.options)
        model = AutoModel.from_config(config, attn_implementation=attention, **self.more)
        for name in filter(None, self.part.split(".")):
            model = getattr(model, name)
        return model


class Plain(torch.nn.Module):
    """PyTorch's own encoder, with no code of transformers."""

    config = None

    def __init__(self, norm_first):
        super().__init__()
        self.tokens, self.positions = torch.nn.Embedding(100, 32), torch.nn.Parameter(torch.randn(N, 32))
        layer = torch.nn.TransformerEncoderLayer(32, 4, 64, activation="gelu", batch_first=True, norm_first=norm_first)
        norm = torch.nn.LayerNorm(32) if norm_first else None
        self.encoder = torch.nn.TransformerEncoder(layer, 3, norm, enable_nested_tensor=False)

    def forward(self, input_ids, attention_mask, **_):
        x = self.tokens(input_ids) + self.positions
        return SimpleNamespace(last_hidden_state=self.encoder(x, src_key_padding_mask=attention_mask == 0))


@dataclass
class PlainCase:
    norm_first: bool
    inputs: object = text
    layers: int = 3
    blocks: bool = True

    def build(self, attention):
        if attention == "sdpa":
            raise ValueError("one kind of attention")
        torch.backends.mha.set_fastpath_enabled(False)  # its fused kernel has no ONNX form
        return Plain(self.norm_first)


CASES = {
    # No transformers
    "torch-encoder": PlainCase(norm_first=False),
    "torch-encoder-prenorm": PlainCase(norm_first=True),
    # Encoders of text, post-LN
    "bart": Case("bart", SEQ2SEQ, text_padded_with_one, "encoder"),
    "bart-decoder": Case("bart", dict(SEQ2SEQ, decoder_layers=3), seen_text, "decoder"),
    "bert-generation": Case("bert-generation", SMALL),
    "big_bird": Case("big_bird", dict(SMALL, attention_type="original_full")),
    "convbert": Case("convbert", dict(SMALL, embedding_size=16, conv_kernel_size=3, head_ratio=2)),
    "data2vec-text": Case("data2vec-text", dict(SMALL, pad_token_id=1), text_padded_with_one),
    "deberta": Case("deberta", dict(SMALL, relative_attention=True, pos_att_type=["p2c", "c2p"])),
    "ernie": Case("ernie", dict(SMALL, use_task_id=True)),
    "flaubert": Case(
        "flaubert",
        dict(vocab_size=100, n_words=100, emb_dim=32, n_layers=3, n_heads=4, max_position_embeddings=40),
        blocks=False,
    ),
    "ibert": Case("ibert", dict(SMALL, pad_token_id=1), text_padded_with_one),
    "layoutlm": Case("layoutlm", dict(SMALL, max_2d_position_embeddings=64), boxes),
    "longformer": Case(
        "longformer",
        dict(SMALL, attention_window=4, pad_token_id=1, max_position_embeddings=64, onnx_export=True),
        full_text,
    ),
    "marian": Case("marian", dict(SEQ2SEQ, pad_token_id=1), text_padded_with_one, "encoder"),
    "mobilebert": Case(
        "mobilebert", dict(SMALL, embedding_size=16, intra_bottleneck_size=16, num_feedforward_networks=2)
    ),
    "nomic_bert": Case("nomic_bert", SMALL),
    "rembert": Case("rembert", dict(SMALL, input_embedding_size=16, output_embedding_size=16)),
    "roformer": Case("roformer", dict(SMALL, embedding_size=32)),
    "splinter": Case("splinter", SMALL),
    "squeezebert": Case("squeezebert", dict(SMALL, embedding_size=32)),
    "xlm": Case(
        "xlm",
        dict(vocab_size=100, n_words=100, emb_dim=32, n_layers=3, n_heads=4, max_position_embeddings=40),
        blocks=False,
    ),
    "xlnet": Case("xlnet", dict(vocab_size=100, d_model=32, n_layer=3, n_head=4, d_inner=64), full_text),
    "xmod": Case("xmod", dict(SMALL, pad_token_id=1, languages=["en"], default_language="en"), text_padded_with_one),
    # Encoders of text, pre-LN
    "esm": Case("esm", dict(SMALL, position_embedding_type="rotary", mask_token_id=4)),
    "eurobert": Case("eurobert", GQA),
    "m2m_100": Case("m2m_100", SEQ2SEQ, text_padded_with_one, "encoder"),
    "megatron-bert": Case("megatron-bert", SMALL),
    "roberta-prelayernorm": Case("roberta-prelayernorm", dict(SMALL, pad_token_id=1), text_padded_with_one),
    "umt5": Case("umt5", dict(vocab_size=100, d_model=32, d_kv=8, d_ff=64, num_layers=3, num_heads=4), text, "encoder"),
    "longt5": Case(
        "longt5",
        dict(vocab_size=100, d_model=32, d_kv=8, d_ff=64, num_layers=3, num_heads=4, local_radius=4),
        text,
        "encoder",
    ),
    "switch_transformers": Case(
        "switch_transformers",
        dict(
            vocab_size=100,
            d_model=32,
            d_kv=8,
            d_ff=64,
            num_layers=3,
            num_heads=4,
            num_sparse_encoder_layers=1,
            num_experts=2,
        ),
        text,
        "encoder",
    ),
    # Decoders
    "biogpt": Case("biogpt", dict(SMALL, scale_embedding=True)),
    "bloom": Case("bloom", dict(vocab_size=100, hidden_size=32, n_layer=3, n_head=4, initializer_range=0.2)),
    "codegen": Case("codegen", dict(GPT, rotary_dim=8)),
    "cohere": Case("cohere", GQA),
    "falcon": Case(
        "falcon", dict(SMALL, new_decoder_architecture=False, parallel_attn=True, multi_query=True, alibi=False)
    ),
    "gemma": Case("gemma", dict(GQA, head_dim=8)),
    "gemma2": Case("gemma2", dict(GQA, head_dim=8)),
    "gemma3_text": Case("gemma3_text", dict(GQA, head_dim=8, sliding_window=8)),
    "glm4": Case("glm4", dict(GQA, head_dim=8)),
    "gpt_bigcode": Case("gpt_bigcode", GPT),
    "gpt_neo": Case(
        "gpt_neo",
        dict(
            vocab_size=100,
            hidden_size=32,
            num_layers=3,
            num_heads=4,
            intermediate_size=64,
            max_position_embeddings=40,
            attention_types=[[["global", "local", "global"], 1]],
            window_size=4,
        ),
    ),
    "gpt_oss": Case(
        "gpt_oss",
        dict(GQA, head_dim=8, num_local_experts=2, num_experts_per_tok=1, sliding_window=8),
        more=EAGER_EXPERTS,
    ),
    "granite": Case("granite", dict(GQA, residual_multiplier=0.5, embedding_multiplier=2.0)),
    "mistral": Case("mistral", dict(GQA, sliding_window=8)),
    "mixtral": Case("mixtral", dict(GQA, num_local_experts=2, num_experts_per_tok=1), more=EAGER_EXPERTS),
    "mpt": Case("mpt", dict(vocab_size=100, d_model=32, n_layers=3, n_heads=4, max_seq_len=40)),
    "olmo": Case("olmo", GQA),
    "olmo2": Case("olmo2", GQA),
    "openai-gpt": Case("openai-gpt", GPT, full_text),
    "phi": Case("phi", SMALL),
    "phi3": Case("phi3", GQA),
    "stablelm": Case("stablelm", dict(GQA, use_parallel_residual=True)),
    "starcoder2": Case("starcoder2", GQA),
    "xglm": Case(
        "xglm",
        dict(
            vocab_size=100,
            d_model=32,
            num_layers=3,
            attention_heads=4,
            ffn_dim=64,
            max_position_embeddings=40,
            pad_token_id=1,
        ),
        text_padded_with_one,
    ),
    # Vision
    "beit": Case("beit", dict(VISION, use_relative_position_bias=True, layer_scale_init_value=0.5), image),
    "clip_text_model": Case("clip_text_model", dict(SMALL, eos_token_id=2)),
    "clip_vision_model": Case("clip_vision_model", VISION, image),
    "data2vec-vision": Case("data2vec-vision", dict(VISION, use_shared_relative_position_bias=True), image),
    "dinov2_with_registers": Case("dinov2_with_registers", dict(VISION, mlp_ratio=2), image),
    "dinov3_vit": Case("dinov3_vit", VISION, image),
    "ijepa": Case("ijepa", VISION, image),
    "siglip_vision_model": Case("siglip_vision_model", VISION, image),
    "vit_msn": Case("vit_msn", VISION, image),
    "yolos": Case("yolos", dict(VISION, image_size=[16, 16], num_detection_tokens=4), image),
    "videomae": Case("videomae", dict(VISION, num_frames=4, tubelet_size=2), video),
    # Sound
    "audio-spectrogram-transformer": Case(
        "audio-spectrogram-transformer",
        dict(VISION, num_mel_bins=16, max_length=16, frequency_stride=4, time_stride=4),
        spectrogram,
    ),
    "hubert": Case("hubert", SPEECH, sound),
    "wav2vec2": Case("wav2vec2", SPEECH, sound),
    "wav2vec2-stable": Case("wav2vec2", dict(SPEECH, do_stable_layer_norm=True), sound),
    "wavlm": Case("wavlm", SPEECH, sound),
    "whisper": Case(
        "whisper",
        dict(
            SEQ2SEQ,
            num_mel_bins=8,
            max_source_positions=20,
            max_target_positions=20,
            bos_token_id=1,
            eos_token_id=2,
            decoder_start_token_id=1,
        ),
        mel,
        "encoder",
    ),
    # Blocks of more than two branches, two kinds of attention in a block, streams that shrink, no attention: to be
    # handled, or refused
    "wav2vec2-conformer": Case(
        "wav2vec2-conformer", dict(SPEECH, position_embeddings_type="rotary", conv_depthwise_kernel_size=3), sound
    ),
    "timesformer": Case("timesformer", dict(VISION, num_frames=4), video),
    "canine": Case("canine", dict(SMALL, num_hash_buckets=64, local_transformer_stride=4, downsampling_rate=4), text),
    "fnet": Case("fnet", dict(SMALL, use_tpu_fourier_optimizations=False), full_text),
    "funnel": Case(
        "funnel",
        dict(
            vocab_size=100,
            block_sizes=[1, 1, 1],
            d_model=32,
            n_head=4,
            d_head=8,
            d_inner=64,
            num_decoder_layers=1,
            architectures=["FunnelModel"],
        ),
        blocks=False,
    ),
    "lilt": Case(
        "lilt",
        dict(SMALL, hidden_size=48, pad_token_id=1, channel_shrink_ratio=4, max_2d_position_embeddings=64),
        boxes,
    ),
    "mamba": Case("mamba", dict(vocab_size=100, hidden_size=32, num_hidden_layers=3, state_size=4), full_text),
    "poolformer": Case("poolformer", dict(hidden_sizes=[16, 16, 16, 16], depths=[1, 1, 1, 1]), large_image, layers=4),
    "rwkv": Case(
        "rwkv",
        dict(vocab_size=100, hidden_size=32, num_hidden_layers=3, attention_hidden_size=32, intermediate_size=64),
        full_text,
    ),
    "segformer": Case(
        "segformer",
        dict(hidden_sizes=[16, 16, 16, 16], depths=[1, 1, 1, 1], num_attention_heads=[1, 2, 2, 2]),
        large_image,
        layers=4,
    ),
    "swin": Case(
        "swin",
        dict(image_size=32, patch_size=2, embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=4),
        large_image,
        layers=2,
    ),
}
