/** One kind of value: the command line that gives it, and where it lies in the answer. */
export interface ValueKind {
  readonly kind: string;
  readonly about: string;
  readonly command: string;
  readonly path?: string | undefined;
  readonly paths?: Readonly<Record<string, string>> | undefined;
}

/**
 * The words of a command line with its places filled: `{name}` by a number, a word or a list with commas, `{name:json}` by JSON;
 * what stands in brackets is left out where the parameter is null.
 */
export function fillCommand(command: string, parameters: Readonly<Record<string, unknown>>): string[] {
  const chosen = command.replace(/\[([^\]]*\{(\w+)\}[^\]]*)\]/g, (_all, inner: string, name: string) =>
    parameters[name] === null ? "" : inner,
  );
  return chosen
    .split(/\s+/)
    .slice(1)
    .map((word) =>
      word.replace(/\{(\w+)(:json)?\}/g, (_all, name: string, json?: string) =>
        written(parameters[name], json !== undefined),
      ),
    );
}

function written(value: unknown, json: boolean): string {
  if (json) return JSON.stringify(value);
  return Array.isArray(value) ? value.join(",") : String(value);
}

/** What lies at `a.0.-1.b`: names and places, from the end where they are below 0. */
export function valueAt(answer: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner.at(Number(key));
    return typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined;
  }, answer);
}
