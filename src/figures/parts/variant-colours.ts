/** Told apart by every common kind of colour vision, and not those of the dynamics in other figures. */
const COLOURS = ["#8E3B8A", "#00785A", "#8A6100"] as const;

/** The colour of a set's reading by its place; the same in all of its figures. */
export function variantColour(place: number): string {
  return COLOURS[place % COLOURS.length]!;
}
