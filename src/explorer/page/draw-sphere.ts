import type { Board, Ink } from "./canvas.ts";
import { clusterColour } from "./colours.ts";
import { hasRow, type Series } from "./decode.ts";
import { restsOf, rowOf } from "./steps.ts";
import { pointAt, type Seen, seenFrom, type Turn } from "./turn.ts";
import { bareWord, nothingHere } from "./words.ts";

/** What is seen of a sphere. */
export interface SphereScene {
  readonly series: Series;
  /** From 0 to the last layer, also between two. */
  readonly depth: number;
  /** The row that the depth is nearest to. */
  readonly row: number;
  readonly turn: Turn;
  /** Names of the tokens' clusters, −1 for those alone. */
  readonly names: Int16Array;
  readonly token: number | null;
  readonly near: readonly number[];
  /** Draw tokens as long as their projections are, inside the ball, rather than on the sphere. */
  readonly lengths: boolean;
  readonly words: readonly string[] | null;
  /** Where each token is in another series: lines lead there. */
  readonly other: { readonly series: Series; readonly depth: number } | null;
}

/** A token as drawn, for whoever points at it. */
export interface Spot {
  readonly token: number;
  readonly x: number;
  readonly y: number;
  /** Towards the eye, −1 to 1. */
  readonly near: number;
}

/** Parallels and meridians: this many degrees apart. */
const DEGREES = 30;
const SEGMENTS = 48;

/**
 * Draws a sphere and its tokens, those behind first. Canvas 2D and no library of three dimensions: two spheres of 512 tokens are a thousand discs a frame,
 * which takes a few milliseconds; WebGL would bring hundreds of kilobytes, and machines without it, for what a sort by depth does.
 */
export function drawSphere(board: Board, ink: Ink, scene: SphereScene): readonly Spot[] {
  const { g, width, height } = board;
  const radius = Math.min(width, height) / 2 - 10;
  const at = ([right, up]: Seen): [number, number] => [width / 2 + radius * right, height / 2 - radius * up];
  drawGlobe(g, ink, scene.turn, at, radius, [width / 2, height / 2]);
  if (!hasRow(scene.series, scene.row)) {
    say(g, ink, nothingHere(scene.series), width / 2, height / 2);
    return [];
  }
  const spots = spotsOf(scene.series, scene.depth, scene, at);
  if (scene.other) drawShifts(g, ink, spots, spotsOf(scene.other.series, scene.other.depth, scene, at));
  if (scene.token !== null) drawPath(g, ink, scene, scene.token, at);
  const inOrder = spots.toSorted((a, b) => a.near - b.near);
  const small = width < 260 ? 0.6 : 1; // On a phone.
  for (const spot of inOrder) drawToken(g, ink, scene, spot, small);
  for (const token of [...scene.near, ...(scene.token === null ? [] : [scene.token])]) {
    ring(g, ink, spots[token]!, token === scene.token);
  }
  drawLabels(board, ink, scene, spots);
  return inOrder;
}

interface Placed extends Spot {
  /** Length of the projection. */
  readonly length: number;
}

function spotsOf(
  series: Series,
  depth: number,
  scene: SphereScene,
  at: (seen: Seen) => [number, number],
): readonly Placed[] {
  const point: [number, number, number] = [0, 0, 0];
  return Array.from({ length: series.n }, (_, token) => {
    const length = place(series, scene, depth, token, point);
    const seen = seenFrom(point, scene.turn);
    const [x, y] = at(seen);
    return { token, x, y, near: seen[2], length };
  });
}

/** Writes where a token is drawn, and returns the length of its projection. */
function place(
  series: Series,
  { lengths }: Pick<SphereScene, "lengths">,
  depth: number,
  token: number,
  out: [number, number, number],
): number {
  const length = pointAt(series, depth, token, out);
  if (!lengths && length > 0) for (let k = 0; k < 3; k++) out[k]! /= length;
  return length;
}

function drawGlobe(
  g: CanvasRenderingContext2D,
  ink: Ink,
  turn: Turn,
  at: (seen: Seen) => [number, number],
  radius: number,
  [cx, cy]: readonly [number, number],
): void {
  const light = g.createRadialGradient(cx - radius / 3, cy - radius / 3, radius / 8, cx, cy, radius);
  light.addColorStop(0, ink.dark ? "rgba(255,255,255,.07)" : "rgba(0,0,0,.0)");
  light.addColorStop(1, ink.dark ? "rgba(255,255,255,.01)" : "rgba(0,0,0,.055)");
  g.fillStyle = light;
  g.strokeStyle = ink.line;
  g.lineWidth = 1;
  g.beginPath();
  g.arc(cx, cy, radius, 0, 2 * Math.PI);
  g.fill();
  g.stroke();
  for (let angle = 0; angle < 180; angle += DEGREES) {
    const a = (angle * Math.PI) / 180;
    greatCircle(g, at, turn, (h) => [Math.cos(h), Math.sin(h) * Math.cos(a), Math.sin(h) * Math.sin(a)]);
  }
  greatCircle(g, at, turn, (h) => [0, Math.cos(h), Math.sin(h)]);
}

/** A circle about the centre: full where it is before the ball, faint behind. */
function greatCircle(
  g: CanvasRenderingContext2D,
  at: (seen: Seen) => [number, number],
  turn: Turn,
  point: (angle: number) => [number, number, number],
): void {
  const seen = Array.from({ length: SEGMENTS + 1 }, (_, k) => seenFrom(point((2 * Math.PI * k) / SEGMENTS), turn));
  for (const behind of [true, false]) {
    g.globalAlpha = behind ? 0.3 : 0.9;
    g.beginPath();
    for (let k = 0; k < SEGMENTS; k++) {
      const [from, to] = [seen[k]!, seen[k + 1]!];
      if (from[2] + to[2] < 0 !== behind) continue;
      g.moveTo(...at(from));
      g.lineTo(...at(to));
    }
    g.stroke();
  }
  g.globalAlpha = 1;
}

function drawToken(
  g: CanvasRenderingContext2D,
  ink: Ink,
  { names, series }: SphereScene,
  spot: Spot,
  small: number,
): void {
  const { token, x, y, near, length } = spot as Placed;
  const name = names[token]!;
  const few = small * (series.n <= 64 ? 1.5 : series.n <= 200 ? 1.2 : 1);
  // What the projection keeps little of is pale: its place says little.
  g.globalAlpha = (near < 0 ? 0.3 : 0.9) * (0.35 + 0.65 * Math.min(1, length));
  g.fillStyle = name < 0 ? ink.soft : clusterColour(name);
  g.beginPath();
  g.arc(x, y, few * (name < 0 ? 2.6 : 3.6) * (1 + 0.25 * near), 0, 2 * Math.PI);
  g.fill();
  g.globalAlpha = 1;
}

function ring(g: CanvasRenderingContext2D, ink: Ink, { x, y }: Spot, chosen: boolean): void {
  g.strokeStyle = ink.ink;
  g.lineWidth = chosen ? 2.5 : 1.5;
  g.beginPath();
  g.arc(x, y, chosen ? 9 : 6.5, 0, 2 * Math.PI);
  g.stroke();
}

/** The chosen token's way through all layers, a dot a row. */
function drawPath(
  g: CanvasRenderingContext2D,
  ink: Ink,
  scene: SphereScene,
  token: number,
  at: (seen: Seen) => [number, number],
): void {
  const point: [number, number, number] = [0, 0, 0];
  g.strokeStyle = ink.ink;
  g.fillStyle = ink.ink;
  g.lineWidth = 1.2;
  g.globalAlpha = 0.65;
  const stops = restsOf(scene.series).flatMap((rest) => {
    if (!hasRow(scene.series, rowOf(scene.series, rest))) return [];
    place(scene.series, scene, rest, token, point);
    return [at(seenFrom(point, scene.turn))];
  });
  g.beginPath();
  for (const [x, y] of stops) g.lineTo(x, y);
  g.stroke();
  for (const [x, y] of stops) g.fillRect(x - 1.5, y - 1.5, 3, 3);
  g.globalAlpha = 1;
}

/** From each token to where it is in the other series. */
function drawShifts(g: CanvasRenderingContext2D, ink: Ink, from: readonly Placed[], to: readonly Placed[]): void {
  g.strokeStyle = ink.warn;
  g.lineWidth = 1;
  for (const [k, spot] of from.entries()) {
    g.globalAlpha = spot.near < 0 ? 0.25 : 0.75;
    g.beginPath();
    g.moveTo(spot.x, spot.y);
    g.lineTo(to[k]!.x, to[k]!.y);
    g.stroke();
  }
  g.globalAlpha = 1;
}

/** Words beside the chosen token and its neighbours; one that would cover another is left out: the text below has it. */
function drawLabels({ g, width }: Board, ink: Ink, scene: SphereScene, spots: readonly Spot[]): void {
  if (scene.token === null) return;
  g.font = "12.5px system-ui, sans-serif";
  g.textBaseline = "middle";
  const taken: [number, number, number][] = [];
  for (const token of [scene.token, ...scene.near]) {
    const { x, y } = spots[token]!;
    const text = bareWord(scene.words, token).slice(0, 18);
    const wide = g.measureText(text).width;
    const right = x + 12 + wide < width;
    const left = right ? x + 11 : x - 11 - wide;
    if (taken.some(([a, b, c]) => Math.abs(b - y) < 14 && left < c && a < left + wide)) continue;
    taken.push([left, y, left + wide]);
    g.lineWidth = 3;
    g.strokeStyle = ink.ground;
    g.strokeText(text, left, y);
    g.fillStyle = ink.ink;
    g.fillText(text, left, y);
  }
}

function say(g: CanvasRenderingContext2D, ink: Ink, text: string, x: number, y: number): void {
  g.fillStyle = ink.soft;
  g.font = "13px system-ui, sans-serif";
  g.textAlign = "center";
  g.fillText(text, x, y);
  g.textAlign = "start";
}

/** The token within reach of a finger or pointer, those before the ball first; `null`: none. */
export function spotNear(spots: readonly Spot[], x: number, y: number): number | null {
  const reach = spots
    .map((spot) => ({ token: spot.token, far: Math.hypot(spot.x - x, spot.y - y) + (spot.near < 0 ? 6 : 0) }))
    .filter(({ far }) => far < 16)
    .sort((a, b) => a.far - b.far);
  return reach[0]?.token ?? null;
}
