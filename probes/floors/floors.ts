/** Floors by the name of the measure; a name that is missing has none. */
export type Floors = Readonly<Record<string, number | null>>;
