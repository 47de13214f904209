/** The options of `limitlaw head`, as text. */
export interface HeadOptions {
  /** A folder of an exporter: h.npy, V.npy, and what else is there under its usual name. */
  readonly folder?: string | undefined;
  readonly features?: string | undefined;
  readonly output?: string | undefined;
  readonly bias?: string | undefined;
  readonly targets?: string | undefined;
  readonly groups?: string | undefined;
  readonly logNormaliser?: string | undefined;
  /** The token at each position, where embedding and head are one matrix. */
  readonly tied?: string | undefined;
  /** How often each token occurs. */
  readonly counts?: string | undefined;
  readonly initialisation?: boolean | undefined;
  /** The two halves of the groups against each other. */
  readonly halves?: boolean | undefined;
  /** Spectra against those of normal features. */
  readonly equivalent?: boolean | undefined;
  readonly label?: string | undefined;
  readonly step?: string | undefined;
  readonly batch?: string | undefined;
  /** Tokens of the whitened part; 0 leaves it out. */
  readonly tokens?: string | undefined;
  readonly level?: string | undefined;
  readonly seed?: string | undefined;
  readonly backend?: 'auto' | 'wasm' | 'native' | 'reference' | undefined;
  readonly memory?: string | undefined;
}
