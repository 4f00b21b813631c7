import type { Effects } from "../effects/effects.ts";

/**
 * Effects for opening and reading the same things several times, once for each reading of the weights: a note is said
 * once, and standard input, which can be read only once, is kept.
 */
export function shareEffects(effects: Effects): Effects {
  const said = new Set<string>();
  let stdin: Promise<string> | null = null;
  return {
    ...effects,
    say(text) {
      if (!said.has(text)) effects.say(text);
      said.add(text);
    },
    readStdin() {
      stdin ??= effects.readStdin();
      return stdin;
    },
  };
}
