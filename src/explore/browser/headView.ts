/** What the page shows of a head whose predictions follow Zipf's law, beside the same head at initialisation. */
import { headFeatureRatio, zipfExponent, zipfRatios, zipfRowRatio } from '../../../theory/head/index.js';
import { formatNumber } from '../../../figures/text.js';

export interface HeadChoice {
  /** α of q ∝ rank^{−α}. */
  readonly exponent: number;
  /** C. */
  readonly classes: number;
  /** D: features of one length, as after a norm, in directions that are alike. */
  readonly dimension: number;
}

export const headLimits = {
  exponent: [0, 2],
  classes: [2, 1e7],
  dimension: [2, 16384],
} as const satisfies Readonly<Record<keyof HeadChoice, readonly [number, number]>>;

/** GPT-2's head under Zipf's law. */
export const firstHead: HeadChoice = { exponent: 1, classes: 50257, dimension: 768 };

export interface HeadView {
  readonly values: readonly (readonly [quantity: string, value: string])[];
  /** Row ratio against rank, ranks evenly spread in logarithms. */
  readonly rows: readonly (readonly [rank: number, ratio: number])[];
  /** 1/C and 1/C_eff, between which rows of rare classes lie. */
  readonly perClass: number;
  readonly perEffectiveClass: number;
}

/** Ranks in the picture. */
const ranks = 120;

/** Takes longer than a frame and does not depend on α: the last is kept. */
let kept: { readonly key: string; readonly value: number } | undefined;

/** C²·r at initialisation with N → ∞. */
function startRatio(classes: number, dimension: number): number {
  const key = `${classes} ${dimension}`;
  if (kept?.key !== key) {
    const law = { features: 'rms', dimension, logitVariance: 1 } as const;
    kept = { key, value: headFeatureRatio({ ...law, classes, aspectRatio: 0 }).scaled };
  }
  return kept.value;
}

export function headView({ exponent, classes, dimension }: HeadChoice): HeadView {
  const { t, scaled, effectiveClasses } = zipfRatios(exponent, classes);
  const start = startRatio(classes, dimension);
  const startT = (start * (classes - 1)) / classes ** 2;
  const shown = [...new Set(Array.from({ length: ranks }, (_, k) => Math.round(classes ** (k / (ranks - 1)))))];
  const rowAt = (rank: number): number => zipfRowRatio(exponent, classes, rank);
  const middle = Math.round(Math.sqrt(classes));
  const number = (value: number): string => formatNumber(value, 4);
  return {
    values: [
      ['t = Σoff/Σdiag', number(t)],
      ['C²·r', number(scaled)],
      ['C_eff = 1/Σq²', number(effectiveClasses)],
      ['d ln t/d ln C', number(zipfExponent(exponent, classes))],
      ['row of rank 1', number(rowAt(1))],
      [`row of rank ${middle}`, number(rowAt(middle))],
      [`row of rank ${classes}`, number(rowAt(classes))],
      ['t at initialisation, s² = 1', number(startT)],
      ['C²·r at initialisation', number(start)],
      ['t over that at initialisation', number(t / startT)],
    ],
    rows: shown.map((rank) => [rank, rowAt(rank)]),
    perClass: 1 / classes,
    perEffectiveClass: 1 / effectiveClasses,
  };
}
