import { TokensphereError } from "../../models/errors.ts";

/** More than this is a slip of the pen. */
const MOST = 1e6;

/**
 * Times as a list `0,0.5,1`, a range `start:step:end` (end included where a step ends there) or `first..last/count`, so many
 * from first to last, evenly or, with `/log` behind, in equal ratios. Values of ranges have 15 digits: 0.1 + 2·0.1 is 0.3.
 *
 * @throws TokensphereError `usage` for anything else.
 */
export function parseTimes(text: string, flag = "--times"): number[] {
  if (text.endsWith("/log")) return inRatios(text, flag);
  if (text.includes("..")) return evenly(text, flag);
  const parts = text.split(":");
  const values = text.split(/[,:]/).map(toNumber);
  if (!values.every(Number.isFinite)) throw refusal(text, flag, "give numbers, such as 0,0.5,1 or 0:0.1:2 or 0..2/21");
  return parts.length === 1 ? values : steps(text, flag, parts.length, values);
}

function steps(text: string, flag: string, parts: number, values: readonly number[]): number[] {
  const [start, step, end] = values;
  if (parts !== 3 || values.length !== 3 || !(step > 0) || end < start || (end - start) / step > MOST)
    throw refusal(text, flag, "a range is start:step:end with a positive step");
  const count = Math.floor((end - start) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => rounded(start + i * step));
}

function evenly(text: string, flag: string): number[] {
  const [, first, last, count] = (/^(.*)\.\.(.*)\/(.*)$/.exec(text) ?? []).map(toNumber);
  if (!(Number.isFinite(first) && last > first && last < Number.POSITIVE_INFINITY && isCount(count)))
    throw refusal(text, flag, "so many values are first..last/count, such as 0..30/200");
  return Array.from({ length: count }, (_, i) => rounded(first + ((last - first) * i) / (count - 1)));
}

/** By powers of ten, so that no ratio overflows. */
function inRatios(text: string, flag: string): number[] {
  const [, first, last, count] = (/^(.*)\.\.(.*)\/(.*)\/log$/.exec(text) ?? []).map(toNumber);
  if (!(first > 0 && last > first && last < Number.POSITIVE_INFINITY && isCount(count)))
    throw refusal(text, flag, "in equal ratios are first..last/count/log, first > 0, such as 1e-2..1e40/43/log");
  const [from, to] = [Math.log10(first), Math.log10(last)];
  const inner = Array.from({ length: count - 2 }, (_, i) =>
    rounded(10 ** (from + ((to - from) * (i + 1)) / (count - 1))),
  );
  return [first, ...inner, last];
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 2 && count <= MOST;
}

/** A blank is no 0. */
function toNumber(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function rounded(value: number): number {
  return Number(value.toPrecision(15));
}

function refusal(text: string, flag: string, remedy: string): TokensphereError {
  return new TokensphereError("usage", `${flag}: ${text.trim() === "" ? '""' : text}. ${remedy}`);
}
