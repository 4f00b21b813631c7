import { type Moment, readAddress, writeAddress } from "./address.ts";
import { boardOf, forgetSizes, readInk } from "./canvas.ts";
import { networkNames, predictedNames, type RowNames } from "./cluster-names.ts";
import { openCopyButtons } from "./copy.ts";
import type { ExplorerData } from "./data-shape.ts";
import { hasRow, neighbours, type Series } from "./decode.ts";
import { drawDepth, layerAt } from "./draw-depth.ts";
import { drawGram, rowAt } from "./draw-gram.ts";
import { drawSphere, type SphereScene, type Spot } from "./draw-sphere.ts";
import { foldConclusion } from "./fold-conclusion.ts";
import { idleTask } from "./idle.ts";
import { type KeyActions, listenToKeys } from "./keys.ts";
import { listenToPaper } from "./paper.ts";
import { findParts, type Parts, setText } from "./parts.ts";
import { openPlayer, type Player } from "./play.ts";
import { leftOut, readText, type ShownText } from "./shown-text.ts";
import { listenToSphere } from "./sphere-pointer.ts";
import { hasHalfSteps, numberOf, openingLayer, restNear, restsOf, rowOf } from "./steps.ts";
import { openTextPane, revealWord, type TextPane } from "./text-pane.ts";
import { type Turn, turnToTokens } from "./turn.ts";
import { cosineText, layerBefore, layerName, momentText, nearestTexts, restName, seriesText } from "./words.ts";

/** A text that is shown, and its words. */
interface Shown extends ShownText {
  readonly pane: TextPane;
}

/** A moment rests when it has not changed for so many ms. */
const RESTS = 150;

/** The explorer of a page: one state, drawn anew wherever it changes: spheres and words in the next frame, maps as soon as the page is idle. */
class Explorer {
  private readonly parts: Parts;
  private readonly data: ExplorerData;
  private readonly player: Player;
  private readonly usual: Moment;
  private moment: Moment;
  /** From 0 to the last layer's place, also between two while it plays; the moment has the number of where it rests. */
  private depth = 0;
  private turn: Turn = { about: 0, towards: 0 };
  private shown: Shown;
  /** The word that is pointed at now; the moment has the chosen one. */
  private looked: number | null = null;
  private names: readonly RowNames[] = [];
  private readonly gramNames: readonly string[];
  private spots: (readonly Spot[])[] = [[], []];
  private asked = 0;
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private drawn = "";
  private ink = readInk();
  /** What the names of clusters were made for. */
  private clustered = "";
  private readonly maps = idleTask(() => this.drawMaps());

  constructor(root: HTMLElement, data: ExplorerData) {
    this.parts = findParts(root);
    this.data = data;
    this.gramNames = this.parts.grams.map((canvas) => this.parts.captionOf(canvas).textContent ?? "");
    const families = data.texts[0]!.series.slice(1);
    const usual = this.parts.family.value || (families[0]?.name ?? null);
    this.usual = {
      text: data.texts[0]!.text,
      layer: openingLayer(data, usual),
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
    const read = readText(text, this.data.layers.length);
    this.parts.layer.step = hasHalfSteps(read.all[0]!) ? "0.5" : "1";
    const pane = openTextPane(this.parts.pane, text.words, text.shown, {
      look: (token) => this.look(token),
      choose: (token) => this.choose(token),
    });
    setText(this.parts.note, leftOut(text, this.data.texts_left_out));
    return { ...read, pane };
  }

  /** Takes over a moment whose parts may be out of range. */
  private arrive(): void {
    const { data, moment, parts } = this;
    if (this.shown.text.text !== moment.text && data.texts.some(({ text }) => text === moment.text)) {
      this.shown = this.open(moment);
    }
    const rests = restsOf(this.network);
    const far = rests.map((rest) => Math.abs(numberOf(data.layers, rest) - moment.layer));
    this.depth = rests[far.indexOf(Math.min(...far))]!;
    const families = this.shown.all.slice(1).map(({ name }) => name);
    const family = families.includes(moment.family ?? "") ? moment.family : (families[0] ?? null);
    const { shown } = this.shown.text;
    const token = moment.token !== null && moment.token >= 0 && moment.token < shown ? Math.floor(moment.token) : null;
    const join = Math.min(Number(parts.join.max), Math.max(Number(parts.join.min), moment.join));
    const view = moment.view === "difference" ? "difference" : "both";
    this.moment = { text: this.shown.text.text, layer: numberOf(data.layers, this.depth), token, family, join, view };
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
    const { text, family, join } = this.moment;
    const asked = JSON.stringify([text, family, join]);
    if (asked === this.clustered) return;
    this.clustered = asked;
    const prediction = this.prediction();
    const own = networkNames(this.network, this.moment.join);
    this.names = prediction ? [own, predictedNames(prediction, this.moment.join, own)] : [own];
  }

  private prediction(): Series | null {
    return this.shown.all.slice(1).find(({ name }) => name === this.moment.family) ?? null;
  }

  private get network(): Series {
    return this.shown.all[0]!;
  }

  /** Where the depth rests, or is nearest to. */
  private get rest(): number {
    return restNear(this.network, this.depth);
  }

  private go(depth: number): void {
    const within = Math.max(0, Math.min(this.data.layers.length - 1, depth));
    this.depth = this.player.playing ? within : restNear(this.network, within);
    this.moment = { ...this.moment, layer: numberOf(this.data.layers, this.rest) };
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
    const { moment, rest, parts } = this;
    const token = this.looked ?? moment.token;
    const series = [this.network, this.prediction()] as const;
    this.drawSpheres(series, token);
    parts.layer.value = String(this.depth);
    setText(parts.layerName, layerName(this.data.layers, this.depth, this.depth === rest));
    // What changes with the layer, not with every frame.
    const state = JSON.stringify([moment, token]);
    if (state === this.drawn) return;
    this.drawn = state;
    parts.text.value = String(moment.text);
    parts.join.value = String(moment.join);
    setText(parts.joinName, cosineText(moment.join));
    if (moment.family !== null) parts.family.value = moment.family;
    parts.view.value = moment.view;
    parts.layer.setAttribute("aria-valuetext", layerName(this.data.layers, rest, true));
    const row = rowOf(this.network, rest);
    const near = token === null ? [] : neighbours(this.network, row, token).map((one) => one.token);
    this.shown.pane.show(this.names[0]![row]!, token, near);
    this.tell(series, token);
    this.maps.ask();
  }

  private drawSpheres(series: readonly [Series, Series | null], token: number | null): void {
    const { ink } = this;
    const difference = this.moment.view === "difference";
    for (const [k, canvas] of this.parts.spheres.entries()) {
      const one = series[k];
      const board = one ? boardOf(canvas) : null;
      if (!one || !board) continue;
      const row = rowOf(one, this.rest);
      const known = token !== null && hasRow(one, row);
      this.spots[k] = drawSphere(board, ink, {
        series: one,
        depth: this.depthOf(one),
        row,
        turn: this.turn,
        names: this.names[k]![row]!,
        token,
        near: known ? neighbours(one, row, token).map((neighbour) => neighbour.token) : [],
        lengths: this.parts.lengths.checked,
        words: this.shown.text.words,
        other: difference ? this.elsewhere(series[1 - k]!) : null,
      });
    }
  }

  /** Where a series is drawn: one without half-steps rests at the layer before. */
  private depthOf(series: Series): number {
    return this.player.playing || hasHalfSteps(series) ? this.depth : Math.floor(this.depth);
  }

  private elsewhere(series: Series): SphereScene["other"] {
    return hasRow(series, rowOf(series, this.rest)) ? { series, depth: this.depthOf(series) } : null;
  }

  private drawMaps(): void {
    const { ink, rest, network } = this;
    const { layers } = this.data;
    const [prediction, token] = [this.prediction(), this.looked ?? this.moment.token];
    const pairs = [
      [network, null],
      [prediction, null],
      [prediction, network],
    ] as const;
    for (const [k, [series, minus]] of pairs.entries()) {
      if (series === null) continue;
      const depths = boardOf(this.parts.depths[k]!);
      if (depths) drawDepth(depths, ink, { series, minus, layers, rest, from: this.shown.firstBin });
      const grams = boardOf(this.parts.grams[k]!);
      const row = this.gramRow(k);
      const name = `${this.gramNames[k]}${k === 0 ? "" : layerBefore(series, layers, rest)}`;
      setText(this.parts.captionOf(this.parts.grams[k]!), name);
      const names = this.names[0]![row]!;
      if (grams) drawGram(grams, ink, { series, minus, row, order: this.shown.orders[row]!, names, token });
    }
  }

  /** The row that a matrix shows: its own, and of a difference one that both have. */
  private gramRow(k: number): number {
    return rowOf(k === 0 ? this.network : (this.prediction() ?? this.network), this.rest);
  }

  /** Says what is seen, for those who see it and for those who do not. */
  private tell(series: readonly [Series, Series | null], token: number | null): void {
    const { parts, rest } = this;
    const { layers } = this.data;
    for (const [k, one] of series.entries()) {
      if (!one) continue;
      const words = seriesText(one, layers, rest, this.names[k]![rowOf(one, rest)]!);
      setText(parts.captionOf(parts.spheres[k]!), words);
      parts.spheres[k]!.setAttribute("aria-label", `${words}, ${restName(layers, rest)}`);
    }
    setText(parts.moment, momentText(layerName(layers, rest, true), this.moment.join));
    setText(
      parts.near,
      token === null
        ? (parts.near.dataset.hint ?? "")
        : nearestTexts(series, layers, rest, token, this.shown.text.words),
    );
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
    for (const [k, canvas] of parts.spheres.entries()) {
      listenToSphere(canvas, {
        spots: () => this.spots[k]!,
        look: (token) => this.look(token),
        choose: (token) => this.choose(token),
        rotate: (about, towards) => this.rotate(about, towards),
      });
    }
    for (const canvas of parts.depths) {
      canvas.onclick = (event) => this.go(layerAt(event.offsetY, canvas.clientHeight, this.data.layers.length));
    }
    for (const [k, canvas] of parts.grams.entries()) {
      const row = (event: MouseEvent) => rowAt(event.offsetY, canvas.clientWidth, this.shown.orders[this.gramRow(k)]!);
      canvas.onpointermove = (event) => this.look(row(event));
      canvas.onpointerleave = () => this.look(null);
      canvas.onclick = (event) => this.choose(row(event));
    }
    listenToKeys(parts, this.keys);
    addEventListener("hashchange", () => {
      this.moment = readAddress(location.hash, this.usual);
      this.arrive();
    });
    const redraw = () => {
      this.renew();
      this.later();
    };
    const resized = new ResizeObserver(redraw);
    for (const one of [parts.root, ...parts.spheres, ...parts.depths, ...parts.grams]) resized.observe(one);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    // What is printed is drawn before the printer looks.
    const to = () => {
      this.renew();
      this.draw();
      this.drawMaps();
    };
    listenToPaper({ to, back: redraw });
    openCopyButtons(parts.root);
  }

  /** Forgets what was drawn, for which size and in which colours. */
  private renew(): void {
    this.drawn = "";
    this.ink = readInk();
    forgetSizes();
  }

  private rotate(about: number, towards: number): void {
    const limit = Math.PI / 2;
    const tilted = Math.max(-limit, Math.min(limit, this.turn.towards + towards));
    this.turn = { about: this.turn.about + about, towards: tilted };
    this.later();
  }

  private readonly keys: KeyActions = {
    step: (by) => {
      this.go(by > 0 ? Math.floor(this.depth) + 1 : Math.ceil(this.depth) - 1);
      return true;
    },
    play: () => {
      this.parts.play.click();
      return true;
    },
    turn: (about, towards) => {
      this.rotate(about, towards);
      return true;
    },
    word: (by) => {
      const { token } = this.moment;
      this.choose(token === null ? 0 : Math.max(0, Math.min(this.shown.text.shown - 1, token + by)));
      return true;
    },
    leave: () => {
      if (this.moment.token === null) return false;
      this.choose(null);
      return true;
    },
  };
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
