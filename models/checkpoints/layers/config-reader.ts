import { TokensphereError } from "../../errors.ts";

/** config.json as an architecture asks for it: a value of the right type, or the default, or a failure that says what is missing. */
export interface ConfigReader {
  /** A number from 0. @throws TokensphereError `input` where the key is missing without a default, or is no such number. */
  number(key: string, fallback?: number): number;
  /** A whole number from 1 to `most` (default 2²⁴). */
  size(key: string, fallback?: number, most?: number): number;
  /** A whole number, which may be negative. */
  whole(key: string, fallback: number): number;
  text(key: string, fallback?: string): string;
  flag(key: string, fallback: boolean): boolean;
  /** A list of texts, null where there is none. */
  texts(key: string): readonly string[] | null;
  /** An object within the config, null where there is none. */
  inner(key: string): ConfigReader | null;
}

/** A config whose keys may be overridden. */
export function configReader(config: Readonly<Record<string, unknown>>, path: string): ConfigReader {
  const fail = (key: string, what: string) =>
    new TokensphereError("input", `config cannot be used: ${path}: ${key} ${what}. fetch it again`);
  const read = <T>(key: string, kind: string, fallback: T | undefined): T => {
    const value = config[key] ?? fallback;
    if (value === undefined) throw fail(key, "is missing");
    if (typeof value !== kind) throw fail(key, `is no ${kind}`);
    return value as T;
  };
  return {
    number: (key, fallback) => {
      const value = read(key, "number", fallback);
      if (!Number.isFinite(value) || value < 0) throw fail(key, `is ${value}`);
      return value;
    },
    size: (key, fallback, most = 2 ** 24) => {
      const value = read(key, "number", fallback);
      if (!Number.isInteger(value) || value < 1 || value > most) throw fail(key, `is ${value}`);
      return value;
    },
    whole: (key, fallback) => {
      const value = read(key, "number", fallback);
      if (!Number.isSafeInteger(value)) throw fail(key, `is ${value}`);
      return value;
    },
    text: (key, fallback) => read(key, "string", fallback),
    flag: (key, fallback) => read(key, "boolean", fallback),
    texts: (key) => {
      const value = config[key];
      return Array.isArray(value) && value.every((item) => typeof item === "string") ? (value as string[]) : null;
    },
    inner: (key) => {
      const value = config[key];
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      return isObject ? configReader(value as Record<string, unknown>, path) : null;
    },
  };
}
