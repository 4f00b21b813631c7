import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
const WORDS = ["the", "sphere", "and", "a", "token"];

/** Writes a word-level tokenizer with the template [CLS] … [SEP], as tokenizer.json and tokenizer_config.json. */
export async function writeToyTokenizer(folder: string, limit = 1e30): Promise<void> {
  const token = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const vocabulary = [...SPECIAL, ...WORDS];
  const tokenizer = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content, id) => {
      return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
    }),
    normalizer: null,
    pre_tokenizer: { type: "Whitespace" },
    post_processor: {
      type: "TemplateProcessing",
      single: [token("[CLS]"), { Sequence: { id: "A", type_id: 0 } }, token("[SEP]")],
      pair: [],
      special_tokens: Object.fromEntries(["[CLS]", "[SEP]"].map((id, k) => [id, { id, ids: [k + 2], tokens: [id] }])),
    },
    decoder: null,
    model: {
      type: "WordLevel",
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
      unk_token: "[UNK]",
    },
  };
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast",
    model_max_length: limit,
    unk_token: "[UNK]",
    pad_token: "[PAD]",
  };
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
  await writeFile(join(folder, "tokenizer_config.json"), JSON.stringify(config));
}
