import { clusterColour } from "./colours.ts";
import { bareWord } from "./words.ts";

/** The words of a text, each a choice. */
export interface TextPane {
  /** Tints words by cluster and marks the chosen one and its neighbours. */
  show(names: Int16Array, token: number | null, near: readonly number[]): void;
}

/** What is done when a word is pointed at, and when it is chosen. */
export interface PaneEvents {
  readonly look: (token: number | null) => void;
  readonly choose: (token: number) => void;
}

/** Fills the pane with a text. Words are never read as markup: they are set as text. */
export function openTextPane(
  pane: HTMLElement,
  words: readonly string[] | null,
  n: number,
  { look, choose }: PaneEvents,
): TextPane {
  const spans = Array.from({ length: n }, (_, token) => wordSpan(words, token));
  pane.replaceChildren(...spans);
  pane.classList.toggle("x-numbers", words === null);
  pane.onpointerover = (event) => {
    const token = tokenOf(event.target);
    if (token !== null) look(token);
  };
  pane.onpointerleave = () => look(null);
  pane.onclick = (event) => {
    const token = tokenOf(event.target);
    if (token !== null) choose(token);
  };
  let [shown, rings]: [Int16Array | null, readonly number[]] = [null, []];
  let chosen: number | null = null;
  return {
    show(names, token, near) {
      for (const [k, span] of spans.entries()) if (shown?.[k] !== names[k]) tint(span, names[k]!);
      shown = names.slice();
      for (const one of rings) spans[one]!.classList.remove("x-ring");
      for (const one of near) spans[one]!.classList.add("x-ring");
      rings = [...near];
      if (chosen !== null) spans[chosen]!.setAttribute("aria-selected", "false");
      if (token !== null) spans[token]!.setAttribute("aria-selected", "true");
      if (token === null) pane.removeAttribute("aria-activedescendant");
      else pane.setAttribute("aria-activedescendant", spans[token]!.id);
      chosen = token;
    },
  };
}

/** Scrolls the pane, and never the page, until a word is seen. */
export function revealWord(pane: HTMLElement, token: number): void {
  const span = pane.querySelector<HTMLElement>(`[data-token="${token}"]`);
  if (!span) return;
  const [top, bottom] = [span.offsetTop - 8, span.offsetTop + span.offsetHeight + 8];
  if (top < pane.scrollTop) pane.scrollTop = top;
  else if (bottom > pane.scrollTop + pane.clientHeight) pane.scrollTop = bottom - pane.clientHeight;
}

function wordSpan(words: readonly string[] | null, token: number): HTMLElement {
  const span = document.createElement("span");
  span.dataset.token = String(token);
  span.id = `x-token-${token}`;
  span.setAttribute("role", "option");
  span.setAttribute("aria-selected", "false");
  span.textContent = words?.[token] ?? ` ${token}`;
  // A word that shows nothing has a name all the same.
  if (span.textContent.trim() === "") span.setAttribute("aria-label", bareWord(words, token));
  return span;
}

function tint(span: HTMLElement, name: number): void {
  span.style.backgroundColor = name < 0 ? "" : clusterColour(name, 0.3);
}

function tokenOf(target: EventTarget | null): number | null {
  const token = target instanceof HTMLElement ? target.dataset.token : undefined;
  return token === undefined ? null : Number(token);
}
