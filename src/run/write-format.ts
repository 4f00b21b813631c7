import { join } from "node:path";
import type { Format } from "../formats/format.ts";
import { formatFault } from "../formats/read-format.ts";
import { writeJson } from "./write-json.ts";

/**
 * Writes a value of a format into a folder, under the format's usual name or another.
 *
 * @throws Error where the value is not what the format says, which is a fault of ours; TokensphereError `disk` where it cannot be written.
 */
export function writeFormat(folder: string, format: Format, value: object, file: string = format.file): void {
  const fault = formatFault(format, value);
  if (fault !== null) throw new Error(`${file}: ${fault}`);
  writeJson(join(folder, file), value);
}
