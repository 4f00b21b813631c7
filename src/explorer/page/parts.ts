/** The elements of the explorer, as the page of the report has them. */
export interface Parts {
  readonly root: HTMLElement;
  readonly text: HTMLSelectElement;
  readonly play: HTMLButtonElement;
  readonly layer: HTMLInputElement;
  readonly layerName: HTMLElement;
  readonly join: HTMLInputElement;
  readonly joinName: HTMLElement;
  readonly family: HTMLSelectElement;
  readonly view: HTMLSelectElement;
  readonly lengths: HTMLInputElement;
  readonly pane: HTMLElement;
  readonly near: HTMLElement;
  readonly note: HTMLElement;
  /** What the controls say, for paper, where they are not. */
  readonly moment: HTMLElement;
  /** By place: network, prediction, difference. */
  readonly spheres: readonly HTMLCanvasElement[];
  readonly depths: readonly HTMLCanvasElement[];
  readonly grams: readonly HTMLCanvasElement[];
  /** Says what a figure shows, by the figure. */
  captionOf(canvas: HTMLCanvasElement): HTMLElement;
}

/** Finds the elements. Throws where one is missing. */
export function findParts(root: HTMLElement): Parts {
  const one = <T extends HTMLElement>(selector: string): T => {
    const found = root.querySelector<T>(selector);
    if (!found) throw new Error(`explorer: no ${selector}`);
    return found;
  };
  const canvases = (kind: string) => [...root.querySelectorAll<HTMLCanvasElement>(`canvas.x-${kind}`)];
  return {
    root,
    text: one("select[name=text]"),
    play: one("button[name=play]"),
    layer: one("input[name=layer]"),
    layerName: one("output[name=layer-name]"),
    join: one("input[name=join]"),
    joinName: one("output[name=join-name]"),
    family: one("select[name=family]"),
    view: one("select[name=view]"),
    lengths: one("input[name=lengths]"),
    pane: one(".x-text"),
    near: one(".x-near"),
    note: one(".x-note"),
    moment: one(".x-moment"),
    spheres: canvases("sphere"),
    depths: canvases("depth"),
    grams: canvases("gram"),
    captionOf: (canvas) => canvas.parentElement?.querySelector("figcaption") ?? one("figcaption"),
  };
}

/** Sets text where it changed: what has not changed is not read out again. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
