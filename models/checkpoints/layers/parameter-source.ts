/** How a parameter is filled where weights are drawn afresh; a row of an embedding table may stay zero, as padding's. */
export type Initialization =
  | { readonly kind: "normal"; readonly sd: number; readonly zeroRow?: number | null }
  | { readonly kind: "constant"; readonly value: number };

/** Where the bytes of a parameter lie: `path` is the file's name in its folder, offset and length in bytes. */
export interface ParameterPlace {
  readonly type: "float32" | "float16" | "bfloat16";
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** What an architecture takes its parameters from. */
export interface ParameterSource {
  /** @throws TokensphereError `input` where the parameter is missing or has other dimensions. */
  place(name: string, dims: readonly number[], initial: Initialization): ParameterPlace;
}
