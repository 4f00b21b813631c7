import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TokensphereError } from "../../models/errors.ts";
import { packageRoot } from "../effects/package-root.ts";

/** A text and what to call it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

const FOLDER = new URL("models/bundled/", packageRoot);

/** Folder of the model that comes with the package: its checkpoint, beside which the repository keeps the same weights as ONNX. */
export function bundledModel(): string {
  const folder = fileURLToPath(FOLDER);
  if (existsSync(new URL("model.safetensors", FOLDER))) return folder;
  throw new TokensphereError("input", `no bundled model: ${folder}. name a model: a hub id, a folder or a .onnx file`);
}

interface Passage {
  readonly file: string;
  readonly author: string;
  readonly title: string;
  readonly default?: boolean;
}

/** The passage that the main job reads when nothing is given. */
export function defaultPassage(): NamedText {
  const passages = listPassages();
  return readPassage(passages.find((p) => p.default) ?? passages[0]);
}

/** All passages that come with the package: prose from books that the bundled model was not trained on. */
export function bundledPassages(): NamedText[] {
  return listPassages().map(readPassage);
}

function listPassages(): Passage[] {
  return JSON.parse(readFileSync(new URL("passages/passages.json", FOLDER), "utf8"));
}

function readPassage({ file, author, title }: Passage): NamedText {
  const text = readFileSync(new URL(`passages/${file}`, FOLDER), "utf8").trim();
  return { name: `${author}, ${title}`, text };
}
