/** What a page does when it goes to paper, and when it comes back from there. */
export interface PaperChange {
  readonly to: () => void;
  readonly back: () => void;
}

/** Whether the page is set for paper now. */
export function onPaper(): boolean {
  return document.documentElement.dataset.paper !== undefined;
}

/**
 * Sets the page for paper before it is printed (`data-paper` at its root: the style sheet's colours and widths of paper, on the screen too, so that what
 * is drawn is drawn for them), and back afterwards. A page that is shown as printed, as by the tools of a browser, is told by its medium alone.
 */
export function listenToPaper({ to, back }: PaperChange): void {
  const root = document.documentElement;
  let now = false;
  const turn = (paper: boolean) => {
    if (paper === now) return;
    now = paper;
    if (paper) root.dataset.paper = "";
    else delete root.dataset.paper;
    (paper ? to : back)();
  };
  const print = matchMedia("print");
  print.addEventListener("change", () => turn(print.matches));
  addEventListener("beforeprint", () => turn(true));
  addEventListener("afterprint", () => turn(false));
}
