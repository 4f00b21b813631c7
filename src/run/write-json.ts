import { writeWhole } from "./write-whole.ts";

/** Writes a value as JSON, two spaces deep, lists of numbers on one line each. Throws `disk` where it cannot. */
export function writeJson(path: string, value: unknown): void {
  writeWhole(path, `${compact(JSON.stringify(value, null, 2))}\n`);
}

/** Joins lists that hold only numbers and null: thousands of lines say nothing to a reader. Strings hold no raw line break. */
function compact(json: string): string {
  return json.replace(/\[\n\s*((?:-?[\d.eE+-]+|null)(?:,\n\s*(?:-?[\d.eE+-]+|null))*)\n\s*\]/g, (_, list: string) => {
    return `[${list.split(/,\n\s*/).join(", ")}]`;
  });
}
