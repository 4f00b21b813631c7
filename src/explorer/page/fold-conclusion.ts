import { listenToPaper } from "./paper.ts";

/** Shows the conclusion in short, the whole of it folded; on paper both. */
export function foldConclusion(): void {
  const [short, whole] = [document.querySelector<HTMLElement>(".x-brief"), document.querySelector("details.x-whole")];
  if (!short || !(whole instanceof HTMLDetailsElement)) return;
  short.hidden = false;
  whole.open = false;
  whole.querySelector("summary")!.hidden = false;
  let open = false;
  listenToPaper({
    to: () => {
      open = whole.open;
      whole.open = true;
    },
    back: () => {
      whole.open = open;
    },
  });
}
