import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";
import { EVENT_KINDS, type EventRule } from "../../sim/events/event.ts";
import type { OptionsOf } from "../command-line/options-of.ts";

const HOW = "mean-cosine=0.9, min-cosine=0.9, merge=0.999 (a pair meets), clusters=0.999 or clusters=0.999:1";

/** What to look for while tokens move. */
export const EVENTS = [
  new Option("--event <rule>", `report when it happens; may be given more than once: ${HOW}`).argParser(collect),
  new Option("--until <rule>", "as --event, and stop there; --times say how far to look").argParser(collect),
] as const;

export type EventOptions = OptionsOf<typeof EVENTS>;

/** The events to look for; those of `--until` end the simulation. */
export function eventRules({ event = [], until = [] }: EventOptions): EventRule[] {
  return [...event, ...until.map((rule) => ({ ...rule, terminal: true }))];
}

function collect(text: string, before: readonly EventRule[] = []): readonly EventRule[] {
  return [...before, parseRule(text)];
}

/** `kind=level`, and `clusters=level:count`. */
function parseRule(text: string): EventRule {
  const [, name, level, count] = /^([a-z-]+)=([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  const kind = EVENT_KINDS.find((one) => spelled(one) === name);
  if (
    kind === undefined ||
    !(level.trim() && Number.isFinite(Number(level))) ||
    (count !== undefined && kind !== "clusters")
  )
    throw new InvalidArgumentError(`use ${EVENT_KINDS.map(spelled).join(", ")} with a level, such as mean-cosine=0.9.`);
  return { kind, level: Number(level), ...(count === undefined ? {} : { count: Number(count) }) };
}

function spelled(kind: string): string {
  return kind.replaceAll(" ", "-");
}
