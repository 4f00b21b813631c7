import { TokensphereError } from "../errors.ts";
import type { ModelPlan } from "./layers/architecture.ts";

/** What PyTorch modules keep beside their parameters, made from the config: nothing is lost by leaving it out. */
const BUFFERS = /(^|\.)(position_ids|inv_freq|masked_bias|(attn|attention)\.bias|rotary_emb\..*)$/;

/**
 * What a checkpoint holds within its blocks, or within a module that is read, and the architecture does not read: an adapter
 * beside a projection, a bias that its config does not tell of.
 *
 * @param names as the architecture spells them.
 * @param read the names that were read.
 * @returns a warning where there are more blocks than config.json counts.
 * @throws TokensphereError `input` naming what is not read: with it the function is another one.
 */
export function checkUnread(
  type: string,
  plan: ModelPlan,
  names: readonly string[],
  read: ReadonlySet<string>,
  path: string,
): string[] {
  const blocks = Array.from({ length: plan.layers }, (_, k) => blockPrefix(plan, k));
  const modules = [...read].map((name) => name.replace(/[^.]+$/, "")).filter((prefix) => prefix.includes("."));
  const within = new Set([...blocks, ...modules.filter((module) => isModuleOfItsOwn(module, read))]);
  const unread = names.filter((name) => !read.has(name) && !BUFFERS.test(name));
  const inside = unread.filter((name) => ancestors(name).some((prefix) => within.has(prefix)));
  if (inside.length > 0) throw notRead(type, inside, path);
  const anyBlock = new RegExp(`^${blocks[0].replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\d+/g, "\\d+")}`);
  const beyond = unread.find((name) => anyBlock.test(name));
  return beyond === undefined
    ? []
    : [`${plan.layers} blocks are read, as config.json says: the checkpoint has more (${beyond})`];
}

/** What the names of a block have in common, up to a point. */
function blockPrefix(plan: ModelPlan, k: number): string {
  const names = [...JSON.stringify(plan.block(k)).matchAll(/"((?:[\w]+\.)+[\w]+)"/g)].map(([, name]) => name);
  const [first, ...rest] = names;
  let end = first.length;
  for (const name of rest) {
    let same = 0;
    while (same < end && name[same] === first[same]) same++;
    end = same;
  }
  return first.slice(0, first.lastIndexOf(".", end - 1) + 1);
}

/** Of a module with a weight: `embeddings.word_embeddings.`, not what only gathers others. */
function isModuleOfItsOwn(module: string, read: ReadonlySet<string>): boolean {
  return read.has(`${module}weight`);
}

function ancestors(name: string): string[] {
  const parts = name.split(".");
  return parts.slice(1).map((_, i) => `${parts.slice(0, i + 1).join(".")}.`);
}

function notRead(type: string, names: readonly string[], path: string): TokensphereError {
  const what = `${type} does not read ${names[0]}${names.length > 1 ? ` and ${names.length - 1} more` : ""}: ${path}`;
  const remedy = names.some((name) => /lora|adapter|ia3/i.test(name))
    ? "merge the adapter into the weights (merge_and_unload in peft), or leave its parameters out"
    : "export the model with `optimum-cli export onnx --model DIR OUT`, then give OUT; or leave them out";
  return new TokensphereError("input", `${what}. ${remedy}`);
}
