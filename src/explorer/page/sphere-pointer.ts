import { type Spot, spotNear } from "./draw-sphere.ts";

/** What a pointer does on a sphere. */
export interface SphereActions {
  /** Where the tokens are drawn. */
  readonly spots: () => readonly Spot[];
  readonly look: (token: number | null) => void;
  readonly choose: (token: number | null) => void;
  readonly rotate: (about: number, towards: number) => void;
}

/** Radians for a pixel dragged. */
const TURN = 1 / 150;
/** Moved less than so many pixels, a pointer chooses and does not drag. */
const STILL = 4;

/** Looks at the token that a pointer is near, chooses it by a click, turns the spheres by dragging. */
export function listenToSphere(canvas: HTMLCanvasElement, { spots, look, choose, rotate }: SphereActions): void {
  let dragged = 0;
  canvas.onpointerdown = (event) => {
    dragged = 0;
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    if (event.buttons === 0) return look(spotNear(spots(), event.offsetX, event.offsetY));
    dragged += Math.abs(event.movementX) + Math.abs(event.movementY);
    rotate(event.movementX * TURN, event.movementY * TURN);
  };
  canvas.onpointerleave = () => look(null);
  canvas.onclick = (event) => {
    if (dragged < STILL) choose(spotNear(spots(), event.offsetX, event.offsetY));
  };
}
