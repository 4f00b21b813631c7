import { type Command, InvalidArgumentError, Option } from "commander";
import type { EventKind, EventRule, SimulationEvent } from "../../sim/events/event.ts";

/** What the command line calls the events. */
const KINDS: Readonly<Record<string, EventKind>> = {
  "mean-cosine": "mean cosine",
  "min-cosine": "min cosine",
  merge: "merge",
  clusters: "clusters",
};

/** Events that were asked for by flags. */
export interface EventFlags {
  readonly event?: readonly EventRule[];
  readonly until?: readonly EventRule[];
}

export function addEventOptions(command: Command): void {
  const kinds = "mean-cosine=0.9, min-cosine=0.9, merge=0.999 (a pair meets), clusters=0.999 or clusters=0.999:1";
  command
    .addOption(
      new Option("--event <rule>", `report when it happens; may be given more than once: ${kinds}`).argParser(collect),
    )
    .addOption(
      new Option("--until <rule>", "as --event, and stop there; --times say how far to look").argParser(collect),
    );
}

/** The events to look for; those of `--until` end the simulation. */
export function eventRules({ event = [], until = [] }: EventFlags): EventRule[] {
  return [...event, ...until.map((rule) => ({ ...rule, terminal: true }))];
}

/** One event in a line. */
export function describeEvent({ kind, level, time, tokens, clusters }: SimulationEvent): string {
  const who = tokens ? ` of tokens ${tokens[0]} and ${tokens[1]}` : "";
  const left = clusters === undefined ? "" : `, ${clusters} ${clusters === 1 ? "cluster" : "clusters"}`;
  return `${kind} ${level}${who} at time ${time.toPrecision(8)}${left}`;
}

function collect(text: string, before: readonly EventRule[] = []): EventRule[] {
  return [...before, parseRule(text)];
}

/** `kind=level`, and `clusters=level:count`. */
function parseRule(text: string): EventRule {
  const [, name, level, count] = /^([a-z-]+)=([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  const kind = name === undefined ? undefined : KINDS[name];
  if (
    kind === undefined ||
    !(level.trim() && Number.isFinite(Number(level))) ||
    (count !== undefined && kind !== "clusters")
  )
    throw new InvalidArgumentError(`use ${Object.keys(KINDS).join(", ")} with a level, such as mean-cosine=0.9.`);
  return { kind, level: Number(level), ...(count === undefined ? {} : { count: Number(count) }) };
}
