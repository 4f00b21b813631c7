import { z } from "zod";

/** A JSON file that the program writes: what it is called, and what stands in it. */
export interface Format<Schema extends z.ZodType = z.ZodType> {
  /** The magic that every file starts with: `"format": "tokensphere/fit"`. */
  readonly name: string;
  readonly version: number;
  /** The usual name of the file. */
  readonly file: string;
  /** One sentence. */
  readonly about: string;
  /** What to do where a file is damaged. */
  readonly remedy: string;
  readonly schema: Schema;
}

type Described<Name extends string, Fields extends z.ZodRawShape> = Omit<Format, "schema"> & {
  readonly name: `tokensphere/${Name}`;
  readonly fields: Fields;
};

/** The magic, the version and these fields, no others. */
export function defineFormat<Name extends string, Fields extends z.ZodRawShape>({
  fields,
  ...format
}: Described<Name, Fields>) {
  const header = { format: z.literal(format.name), version: z.literal(1) };
  return { ...format, schema: z.strictObject({ ...header, ...fields }) } as const;
}

/** Any finite number. */
export const number = z.number();
/** A finite number; `null` where there is none. */
export const numberOrNull = z.number().nullable();
/** A whole number from 0 on. */
export const count = z.int().min(0);
/** A share, or a mass: 0 to 1. */
export const share = z.number().min(0).max(1);
/** 1 − error / error of nothing moving: at most 1; `null` where it does not exist. */
export const skill = z.number().max(1).nullable();
/** A correlation, a cosine or a signed share; `null` where it does not exist. */
export const signedShare = z.number().min(-1).max(1).nullable();
/** The lower and the upper end; `null` where there is none. */
export const interval = z.tuple([number, number]).readonly().nullable();
/** A list that nobody changes. */
export const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();
/** A file by its name and hexadecimal SHA-256. */
export const hashedFile = z.strictObject({ name: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
/** An object that is taken as it is. */
export const anything = z.record(z.string(), z.unknown()).readonly();
/** A field that may be missing. */
export const optional = z.exactOptional;
