import { readFileSync } from "node:fs";
import type { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import type { Format } from "./format.ts";

/**
 * Reads a file of a format. Fields that this version does not know are let be.
 *
 * @throws TokensphereError `input` where the file cannot be read, is no JSON, or a field is not what the format says: the message names
 *   file, field and what was expected.
 */
export function readFormat<Schema extends z.ZodType>(format: Format<Schema>, path: string): z.infer<Schema> {
  const value = parsed(format, path);
  const fault = formatFault(format, value);
  if (fault !== null) throw new TokensphereError("input", `${path}: ${fault}. ${format.remedy}`);
  return value as z.infer<Schema>;
}

/** What is wrong with a value of a format, first fault first: "families.0.w1: expected number, received string"; `null` where nothing is. */
export function formatFault({ schema }: Format, value: unknown): string | null {
  const checked = schema.safeParse(value);
  const issue = checked.error?.issues.find(({ code }) => code !== "unrecognized_keys");
  if (issue === undefined) return null;
  const where = issue.path.length === 0 ? "file" : issue.path.join(".");
  const [, what] = /^(?:Invalid input: )?(.*)$/s.exec(issue.message) as RegExpExecArray;
  return `${where}: ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
}

function parsed({ remedy }: Format, path: string): unknown {
  const text = read(path, remedy);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TokensphereError("input", `${path}: no JSON. ${remedy}`, { cause });
  }
}

function read(path: string, remedy: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : message;
    throw new TokensphereError("input", `cannot read ${path}: ${why}. ${remedy}`, { cause });
  }
}
