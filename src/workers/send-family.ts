import type { MovingFamily } from "../laws/families.ts";
import { lawNamed } from "../laws/laws.ts";

/** A family as another process can take it: its free parameter by the law that it is of. */
export interface SentFamily {
  readonly family: Omit<MovingFamily, "free">;
  readonly freeOf: string | null;
}

/** A family as another process can take it; `null` where it has functions that no name stands for. */
export function sentFamily({ free, ...family }: MovingFamily): SentFamily | null {
  if (typeof family.dynamics !== "string") return null;
  if (free && lawNamed(family.name)?.free !== free) return null;
  const sent = { family, freeOf: free ? family.name : null };
  try {
    return structuredClone(sent);
  } catch {
    return null;
  }
}

/** What it was before it was sent. */
export function receivedFamily({ family, freeOf }: SentFamily): MovingFamily {
  const free = freeOf === null ? undefined : lawNamed(freeOf)?.free;
  return { ...family, ...(free ? { free } : {}) };
}
