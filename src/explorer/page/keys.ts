import type { Parts } from "./parts.ts";

/** What keys do; each returns whether there was something to do. */
export interface KeyActions {
  /** One layer on or back. */
  readonly step: (by: 1 | -1) => boolean;
  readonly play: () => boolean;
  readonly turn: (about: number, towards: number) => boolean;
  /** One word on or back. */
  readonly word: (by: 1 | -1) => boolean;
  readonly leave: () => boolean;
}

const TURNS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-0.1, 0],
  ArrowRight: [0.1, 0],
  ArrowUp: [0, -0.1],
  ArrowDown: [0, 0.1],
};

/** ← → go by layers, space plays; in the text ↑ ↓ go from word to word; with shift, arrows turn the spheres. */
export function listenToKeys({ root, pane }: Pick<Parts, "root" | "pane">, actions: KeyActions): void {
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (event.ctrlKey || event.metaKey || event.altKey || !hears(root, at)) return;
    const turn = TURNS[event.key];
    const did = event.shiftKey
      ? turn !== undefined && actions.turn(...turn)
      : plainKey(event.key, at === pane, actions);
    if (did) event.preventDefault();
  });
}

/** Keys are the explorer's where it has the focus, or where nothing has and it is seen. Fields keep theirs. */
function hears(root: HTMLElement, at: Element | null): boolean {
  if (at && /^(INPUT|SELECT|BUTTON|TEXTAREA|SUMMARY|A)$/.test(at.tagName)) return false;
  if (at && at !== document.body) return root.contains(at);
  const { top, bottom } = root.getBoundingClientRect();
  return top < innerHeight && bottom > 0;
}

function plainKey(key: string, inText: boolean, { step, play, word, leave }: KeyActions): boolean {
  if (key === "ArrowLeft" || key === "ArrowRight") return step(key === "ArrowLeft" ? -1 : 1);
  if (key === " ") return play();
  if (key === "Escape") return leave();
  return inText && (key === "ArrowUp" || key === "ArrowDown") && word(key === "ArrowUp" ? -1 : 1);
}
