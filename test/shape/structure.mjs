// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/**
 * The structure of the sources, read off their imports: floors, rooms (folders) and arrows (imports).
 *
 * @typedef {{ readonly from: string, readonly to: string }} Arrow A file and one that it imports from; types count like values.
 * @typedef {{ readonly files: readonly string[], readonly arrows: readonly Arrow[] }} House
 */

/** The data flow: a floor may import from those before it and from itself. */
export const FLOORS = ["models", "probes", "sim", "src"];

/**
 * @param {string} root The repository.
 * @returns {House} Paths from `root`, with slashes.
 */
export function readHouse(root) {
  const files = FLOORS.flatMap((floor) =>
    readdirSync(join(root, floor), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(floor, name)),
  ).sort();
  return { files, arrows: files.flatMap((file) => arrowsOf(root, file)) };
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {Arrow[]}
 */
function arrowsOf(root, file) {
  const found = readFileSync(join(root, file), "utf8").matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']/g);
  const targets = [...found].map(([, target]) => relative(root, resolve(root, dirname(file), target)));
  return [...new Set(targets)].map((to) => ({ from: file, to }));
}

/** @param {string} path */
export const floorOf = (path) => path.split("/")[0];

/**
 * The room of a file: its folder. A file at the root of a floor is a door of its own, so that what opens the floor and what all of
 * it stands on may lie there side by side.
 *
 * @param {string} path
 */
export const roomOf = (path) => (dirname(path) === floorOf(path) ? path : dirname(path));

/**
 * @param {House} house
 * @returns {string[]} Arrows that run against the flow.
 */
export function backward({ arrows }) {
  /** @param {string} path */
  const rank = (path) => FLOORS.indexOf(floorOf(path));
  return arrows.filter(({ from, to }) => rank(to) > rank(from) || rank(to) < 0).map(({ from, to }) => `${from} -> ${to}`);
}

/**
 * Knots: sets of places of which each reaches each other.
 *
 * @param {readonly Arrow[]} arrows
 * @param {(path: string) => string} placeOf What counts as one place: the file itself, or its room.
 * @returns {string[][]}
 */
export function knots(arrows, placeOf) {
  /** @type {Map<string, Set<string>>} */
  const next = new Map();
  for (const { from, to } of arrows) {
    const [a, b] = [placeOf(from), placeOf(to)];
    if (a !== b) next.set(a, (next.get(a) ?? new Set()).add(b));
  }
  const reach = new Map([...next.keys()].map((place) => [place, reachable(next, place)]));
  /** @param {string} a @param {string} b */
  const tied = (a, b) => (reach.get(a)?.has(b) && reach.get(b)?.has(a)) ?? false;
  const places = [...next.keys()].sort();
  const sets = places.map((a) => places.filter((b) => a === b || tied(a, b))).filter((set) => set.length > 1);
  return sets.filter(([first], k) => sets.findIndex(([other]) => other === first) === k);
}

/**
 * @param {Map<string, Set<string>>} next
 * @param {string} start
 */
function reachable(next, start) {
  /** @type {Set<string>} */
  const seen = new Set();
  const queue = [start];
  for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
    for (const to of next.get(place) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return seen;
}

/**
 * How many files lie directly in each folder.
 *
 * @param {House} house
 * @returns {Map<string, number>}
 */
export function filesByFolder({ files }) {
  const counts = new Map();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return counts;
}
