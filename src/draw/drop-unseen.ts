/** Thick lines reach into the frame from beside it. Less than the padding around a figure, so that what is kept lies in the picture. */
const MARGIN = 8;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Takes the paths out of a figure that lie wholly outside the frame they are clipped to. Nobody sees them, and where all of a
 * clipped group lies above or left of the picture resvg would end the process.
 *
 * @param svg - As vega writes it: paths of absolute commands, clipped by a rectangle.
 */
export function dropUnseen(svg: string): string {
  const frames = clipRectangles(svg);
  return svg.replace(
    /(<g [^>]*clip-path="url\(#([^)]+)\)"[^>]*>)((?:<path [^>]*\/>)*)(?=<\/g>)/g,
    (whole, open, id, paths) => {
      const frame = frames.get(id);
      return frame
        ? open + paths.replace(/<path [^>]*\/>/g, (path: string) => (isUnseen(path, frame) ? "" : path))
        : whole;
    },
  );
}

function clipRectangles(svg: string): ReadonlyMap<string, Box> {
  const found = svg.matchAll(/<clipPath id="([^"]+)"[^>]*><rect ([^>]*)\/>/g);
  return new Map([...found].map(([, id, attributes]) => [id, rectangle(attributes)]));
}

function rectangle(attributes: string): Box {
  const [left, top, width, height] = ["x", "y", "width", "height"].map((name) =>
    Number(new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? 0),
  );
  return { left, top, right: left + width, bottom: top + height };
}

/** Whether the box of a path's points misses the frame; a path that is moved, empty or has other commands may be seen. */
function isUnseen(path: string, frame: Box): boolean {
  const [, d = ""] = / d="([^"]*)"/.exec(path) ?? [];
  if (d === "" || / transform=/.test(path) || !/^[MLCZ\d\s.,e+-]*$/.test(d)) return false;
  const numbers = (d.match(/-?\d*\.?\d+(?:e[+-]?\d+)?/g) ?? []).map(Number);
  const [x, y] = [0, 1].map((axis) => numbers.filter((_, i) => i % 2 === axis));
  const beside = (values: readonly number[], least: number, most: number) =>
    values.every((value) => value < least - MARGIN) || values.every((value) => value > most + MARGIN);
  return beside(x, frame.left, frame.right) || beside(y, frame.top, frame.bottom);
}
