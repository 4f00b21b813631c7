import { type Moment, readAddress, writeAddress } from "./address.ts";
import { boardOf, readInk } from "./canvas.ts";
import { type LayerNames, networkNames, predictedNames } from "./cluster-names.ts";
import { openCopyButtons } from "./copy.ts";
import type { ExplorerData, ExplorerText } from "./data-shape.ts";
import { decodeSeries, hasLayer, neighbours, orderOf, type Series } from "./decode.ts";
import { drawDepth, firstBin, layerAt } from "./draw-depth.ts";
import { drawGram, rowAt } from "./draw-gram.ts";
import { drawSphere, type Spot, spotNear } from "./draw-sphere.ts";
import { foldConclusion } from "./fold-conclusion.ts";
import { findParts, type Parts, setText } from "./parts.ts";
import { openPlayer, type Player } from "./play.ts";
import { openTextPane, revealWord, type TextPane } from "./text-pane.ts";
import { type Turn, turnToTokens } from "./turn.ts";
import { bareWord, cosineText, layerName, nearestText, seriesText } from "./words.ts";

/** A text that is shown, with its numbers read. */
interface Shown {
  readonly text: ExplorerText;
  readonly all: readonly Series[];
  readonly orders: readonly Uint16Array[];
  readonly firstBin: number;
  readonly pane: TextPane;
}

/** A moment rests when it has not changed for so many ms. */
const RESTS = 150;

/** The explorer of a page: one state, drawn anew in the next frame wherever it changes. */
class Explorer {
  private readonly parts: Parts;
  private readonly data: ExplorerData;
  private readonly player: Player;
  private readonly usual: Moment;
  private moment: Moment;
  /** From 0 to the last layer's place; the moment has the layer's number. */
  private depth = 0;
  private turn: Turn = { about: 0, towards: 0 };
  private shown: Shown;
  /** The word that is pointed at now; the moment has the chosen one. */
  private looked: number | null = null;
  private names: readonly LayerNames[] = [];
  private spots: (readonly Spot[])[] = [[], []];
  private asked = 0;
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private drawn = "";

  constructor(root: HTMLElement, data: ExplorerData) {
    this.parts = findParts(root);
    this.data = data;
    const families = data.texts[0]!.series.slice(1);
    const usual = this.parts.family.value || (families[0]?.name ?? null);
    this.usual = {
      text: data.texts[0]!.text,
      layer: data.layers[0]!,
      token: null,
      family: usual,
      join: 0.8,
      view: "both",
    };
    this.moment = readAddress(location.hash, this.usual);
    this.shown = this.open(this.moment);
    this.turn = turnToTokens(this.shown.all[0]!.points);
    this.player = openPlayer({
      last: () => data.layers.length - 1,
      depth: () => this.depth,
      go: (depth) => this.go(depth),
      changed: (playing) => {
        this.parts.play.textContent = playing ? "❚❚ pause" : "▶ play";
        if (!playing) this.go(Math.round(this.depth));
      },
    });
    this.arrive();
    this.listen();
  }

  /** Reads the numbers of the text that a moment is in. */
  private open(moment: Moment): Shown {
    const text = this.data.texts.find((one) => one.text === moment.text) ?? this.data.texts[0]!;
    const all = text.series.map((series) => decodeSeries(series, text));
    const network = all[0]!;
    const orders = this.data.layers.map((_, layer) => orderOf(network, layer));
    const pane = openTextPane(this.parts.pane, text.words, text.shown, {
      look: (token) => this.look(token),
      choose: (token) => this.choose(token),
    });
    const more = text.shown < text.n ? ` The first ${text.shown} of ${text.n} tokens are here.` : "";
    const left = this.data.texts_left_out;
    const others = left > 0 ? ` ${left} further ${left === 1 ? "text is" : "texts are"} left out here.` : "";
    setText(this.parts.note, `${more}${others}`.trim());
    return { text, all, orders, firstBin: firstBin(all), pane };
  }

  /** Takes over a moment whose parts may be out of range. */
  private arrive(): void {
    const { data, moment, parts } = this;
    if (this.shown.text.text !== moment.text && data.texts.some(({ text }) => text === moment.text)) {
      this.shown = this.open(moment);
    }
    const near = data.layers.map((layer) => Math.abs(layer - moment.layer));
    this.depth = near.indexOf(Math.min(...near));
    const families = this.shown.all.slice(1).map(({ name }) => name);
    const family = families.includes(moment.family ?? "") ? moment.family : (families[0] ?? null);
    const { shown } = this.shown.text;
    const token = moment.token !== null && moment.token >= 0 && moment.token < shown ? Math.floor(moment.token) : null;
    const join = Math.min(Number(parts.join.max), Math.max(Number(parts.join.min), moment.join));
    const view = moment.view === "difference" ? "difference" : "both";
    this.moment = { text: this.shown.text.text, layer: data.layers[this.depth]!, token, family, join, view };
    this.cluster();
    if (token !== null) revealWord(parts.pane, token);
    this.later();
  }

  private change(part: Partial<Moment>): void {
    this.moment = { ...this.moment, ...part };
    this.keep();
    this.arrive();
  }

  /** Keeps the moment in the address as soon as it rests, without a step of the history: browsers slow pages down that write theirs all the time. */
  private keep(): void {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keepNow(), RESTS);
  }

  private keepNow(): void {
    try {
      history.replaceState(null, "", writeAddress(this.moment, this.usual));
    } catch {
      // Some browsers let no page of a file change its address; the explorer works without.
    }
  }

  private cluster(): void {
    const [network, prediction] = [this.shown.all[0]!, this.prediction()];
    const own = networkNames(network, this.moment.join);
    this.names = prediction ? [own, predictedNames(prediction, this.moment.join, own)] : [own];
  }

  private prediction(): Series | null {
    return this.shown.all.slice(1).find(({ name }) => name === this.moment.family) ?? null;
  }

  private get layer(): number {
    return Math.round(this.depth);
  }

  private go(depth: number): void {
    this.depth = Math.max(0, Math.min(this.data.layers.length - 1, depth));
    this.moment = { ...this.moment, layer: this.data.layers[this.layer]! };
    if (!this.player.playing) this.keep();
    this.later();
  }

  private look(token: number | null): void {
    if (this.looked === token) return;
    this.looked = token;
    this.later();
  }

  private choose(token: number | null): void {
    this.looked = null;
    this.change({ token });
  }

  private later(): void {
    if (this.asked !== 0) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { moment, layer, parts } = this;
    const token = this.looked ?? moment.token;
    const series = [this.shown.all[0]!, this.prediction()] as const;
    this.drawSpheres(series, token);
    parts.layer.value = String(this.depth);
    setText(parts.layerName, layerName(this.data.layers, this.depth));
    // What changes with the layer, not with every frame.
    const state = JSON.stringify([moment, token, parts.pane.clientWidth, readInk().dark, parts.lengths.checked]);
    if (state === this.drawn) return;
    this.drawn = state;
    parts.text.value = String(moment.text);
    parts.join.value = String(moment.join);
    setText(parts.joinName, cosineText(moment.join));
    if (moment.family !== null) parts.family.value = moment.family;
    parts.view.value = moment.view;
    const network = series[0];
    const near = token === null ? [] : neighbours(network, layer, token).map((one) => one.token);
    this.shown.pane.show(this.names[0]![layer]!, token, near);
    this.tell(series, token);
    this.drawMaps(series, token);
  }

  private drawSpheres(series: readonly [Series, Series | null], token: number | null): void {
    const ink = readInk();
    const difference = this.moment.view === "difference";
    for (const [k, canvas] of this.parts.spheres.entries()) {
      const one = series[k];
      const board = one ? boardOf(canvas) : null;
      if (!one || !board) continue;
      const known = token !== null && hasLayer(one, this.layer);
      this.spots[k] = drawSphere(board, ink, {
        series: one,
        layers: this.data.layers.length,
        depth: this.depth,
        turn: this.turn,
        names: this.names[k]![this.layer]!,
        token,
        near: known ? neighbours(one, this.layer, token).map((neighbour) => neighbour.token) : [],
        lengths: this.parts.lengths.checked,
        words: this.shown.text.words,
        other: difference ? series[1 - k]! : null,
      });
    }
  }

  private drawMaps([network, prediction]: readonly [Series, Series | null], token: number | null): void {
    const ink = readInk();
    const { layer } = this;
    const pairs = [
      [network, null],
      [prediction, null],
      [prediction, network],
    ] as const;
    for (const [k, [series, minus]] of pairs.entries()) {
      if (series === null) continue;
      const { layers } = this.data;
      const depths = boardOf(this.parts.depths[k]!);
      if (depths) drawDepth(depths, ink, { series, minus, layers, layer, from: this.shown.firstBin });
      const grams = boardOf(this.parts.grams[k]!);
      const names = this.names[0]![layer]!;
      if (grams) drawGram(grams, ink, { series, minus, layer, order: this.shown.orders[layer]!, names, token });
    }
  }

  /** Says what is seen, for those who see it and for those who do not. */
  private tell(series: readonly [Series, Series | null], token: number | null): void {
    const { parts, layer } = this;
    const number = this.data.layers[layer]!;
    for (const [k, one] of series.entries()) {
      if (!one) continue;
      const words = seriesText(one, layer, this.names[k]![layer]!);
      setText(parts.captionOf(parts.spheres[k]!), words);
      parts.spheres[k]!.setAttribute("aria-label", `${words}, after layer ${number}`);
    }
    setText(parts.near, token === null ? (parts.near.dataset.hint ?? "") : this.nearest(series, token, number));
  }

  private nearest(series: readonly (Series | null)[], token: number, layer: number): string {
    const { words } = this.shown.text;
    const told = series.filter((one) => one !== null).map((one) => nearestText(one, this.layer, token, words));
    const head = `“${bareWord(words, token)}”, token ${token}, after layer ${layer}. Nearest by cosine, in all directions:`;
    return [head, ...told].join("\n");
  }

  private listen(): void {
    const { parts } = this;
    parts.play.onclick = () => (this.player.playing ? this.player.stop() : this.player.start());
    parts.layer.oninput = () => {
      if (this.player.playing) this.player.stop();
      this.go(Number(parts.layer.value));
    };
    parts.join.oninput = () => this.change({ join: Number(parts.join.value) });
    parts.family.onchange = () => this.change({ family: parts.family.value });
    parts.view.onchange = () => this.change({ view: parts.view.value });
    parts.text.onchange = () => this.change({ text: Number(parts.text.value), token: null });
    parts.lengths.onchange = () => this.later();
    for (const [k, canvas] of parts.spheres.entries()) this.listenToSphere(canvas, k);
    for (const canvas of parts.depths) {
      canvas.onclick = (event) => this.go(layerAt(event.offsetY, canvas.clientHeight, this.data.layers.length));
    }
    for (const canvas of parts.grams) {
      const row = (event: MouseEvent) => rowAt(event.offsetY, canvas.clientWidth, this.shown.orders[this.layer]!);
      canvas.onpointermove = (event) => this.look(row(event));
      canvas.onpointerleave = () => this.look(null);
      canvas.onclick = (event) => this.choose(row(event));
    }
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("hashchange", () => {
      this.moment = readAddress(location.hash, this.usual);
      this.arrive();
    });
    const redraw = () => {
      this.drawn = "";
      this.later();
    };
    new ResizeObserver(redraw).observe(parts.root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    addEventListener("beforeprint", redraw);
    openCopyButtons(parts.root);
  }

  private listenToSphere(canvas: HTMLCanvasElement, k: number): void {
    let dragged = 0;
    canvas.onpointerdown = (event) => {
      dragged = 0;
      canvas.setPointerCapture(event.pointerId);
    };
    canvas.onpointermove = (event) => {
      if (event.buttons === 0) return this.look(spotNear(this.spots[k]!, event.offsetX, event.offsetY));
      dragged += Math.abs(event.movementX) + Math.abs(event.movementY);
      this.rotate(event.movementX / 150, event.movementY / 150);
    };
    canvas.onpointerleave = () => this.look(null);
    canvas.onclick = (event) => {
      if (dragged < 4) this.choose(spotNear(this.spots[k]!, event.offsetX, event.offsetY));
    };
  }

  private rotate(about: number, towards: number): void {
    const limit = Math.PI / 2;
    const tilted = Math.max(-limit, Math.min(limit, this.turn.towards + towards));
    this.turn = { about: this.turn.about + about, towards: tilted };
    this.later();
  }

  /** ← → go by layers, space plays; in the text ↑ ↓ go from word to word; on a sphere, with shift, arrows turn. */
  private key(event: KeyboardEvent): void {
    const at = document.activeElement;
    if (event.ctrlKey || event.metaKey || event.altKey || !this.hears(at)) return;
    const did = event.shiftKey ? this.turnKey(event.key) : this.plainKey(event.key, at);
    if (did) event.preventDefault();
  }

  /** Keys are the explorer's where it has the focus, or where nothing has and it is seen. Fields keep theirs. */
  private hears(at: Element | null): boolean {
    if (at && /^(INPUT|SELECT|BUTTON|TEXTAREA|SUMMARY|A)$/.test(at.tagName)) return false;
    if (at && at !== document.body) return this.parts.root.contains(at);
    const { top, bottom } = this.parts.root.getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  }

  private turnKey(key: string): boolean {
    const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[key];
    if (by) this.rotate(by[0]!, by[1]!);
    return by !== undefined;
  }

  private plainKey(key: string, at: Element | null): boolean {
    const inText = at === this.parts.pane;
    const { token } = this.moment;
    if (key === "ArrowLeft" || key === "ArrowRight") this.go(this.layer + (key === "ArrowLeft" ? -1 : 1));
    else if (key === " ") this.parts.play.click();
    else if (key === "Escape" && token !== null) this.choose(null);
    else if (inText && (key === "ArrowUp" || key === "ArrowDown")) {
      const next = token === null ? 0 : token + (key === "ArrowUp" ? -1 : 1);
      this.choose(Math.max(0, Math.min(this.shown.text.shown - 1, next)));
    } else return false;
    return true;
  }
}

/** Opens the explorer of this page. Without data, or without what it needs of a browser, the page is the report alone. */
function openExplorerPage(): void {
  const root = document.getElementById("explorer");
  const data = document.getElementById("explorer-data");
  if (!root || !data) return;
  root.hidden = false;
  foldConclusion();
  new Explorer(root, JSON.parse(data.textContent ?? "") as ExplorerData);
}

openExplorerPage();
