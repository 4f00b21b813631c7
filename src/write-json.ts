import { writeFileSync } from "node:fs";
import { TokensphereError } from "../models/errors.ts";

/** Writes a value as JSON, two spaces deep, lists of numbers on one line each. Throws `disk` where it cannot. */
export function writeJson(path: string, value: unknown): void {
  writeText(path, `${compact(JSON.stringify(value, null, 2))}\n`);
}

/** Writes a text. Throws `disk` where it cannot. */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const { message } = error as Error;
    throw new TokensphereError("disk", `cannot write ${path}: ${message}. check the folder and its rights`, {
      cause: error,
    });
  }
}

/** Joins lists that hold only numbers and null: thousands of lines say nothing to a reader. Strings hold no raw line break. */
function compact(json: string): string {
  return json.replace(/\[\n\s*((?:-?[\d.eE+-]+|null)(?:,\n\s*(?:-?[\d.eE+-]+|null))*)\n\s*\]/g, (_, list: string) => {
    return `[${list.split(/,\n\s*/).join(", ")}]`;
  });
}
