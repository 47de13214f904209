/** What an optimiser sees that is blind to the scale of a block, and the statements that hold for every head. */
import {
  damping,
  rowSumDefect,
  tokenFields,
  whitenedEnergy,
  WhitenedHead,
  whitenedSpectrum,
} from '../../../simulations/head/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import type { HeadFiles } from './headFiles.js';
import type { HeadStatement, WhitenedFinding, WhitenedSpectrum } from './headResult.js';
import type { HeadMeasurement } from './measureHead.js';
import { finiteRows } from './readRows.js';

const probes = 8;
const starts = 2;
const steps = 30;
/** Numbers held: factors of the blocks, three fields, and the vectors of Lanczos. */
const room = 2 ** 24;
/** Multiplications in the factors of all blocks. */
const work = 1e10;

/** Rounding of Σ_j p_j over up to 250 000 classes stays below 1e-13. */
const rowSumTolerance = 1e-12;
/** Whitening multiplies rounding by up to the condition of a block, 1e6 with its damping. */
const boundTolerance = 1e-8;

/** Fewer blocks than these say nothing of a vocabulary. */
const fewestTokens = 8;

/** As many tokens as fit, at most all; 0 where they are too few. */
export function tokensThatFit(samples: number, dimension: number, classes: number): number {
  const k = Math.min(samples, dimension);
  const each = (k * (k + 1)) / 2 + 3 * samples + (steps + 6) * k;
  const fitting = Math.min(classes, Math.floor(room / each), Math.floor(work / (k * k * (k / 6 + samples / 16))));
  return fitting < Math.min(fewestTokens, classes) ? 0 : fitting;
}

/** All tokens, or `count` of them, evenly in the logarithm of their rank. */
export function tokensAcrossRanks(byRank: readonly number[], count: number): number[] {
  const most = byRank.length;
  if (count >= most) return [...byRank];
  const ranks = new Set<number>();
  for (let k = 0; ranks.size < count; k++) {
    // Where neighbours fall together the next rank that is free.
    let rank = Math.round(most ** (count === 1 ? 0 : Math.min(1, k / (count - 1)))) - 1;
    while (ranks.has(rank)) rank = (rank + 1) % most;
    ranks.add(rank);
  }
  return [...ranks].sort((a, b) => a - b).map((rank) => byRank[rank]!);
}

export interface WhitenedPart {
  readonly whitened: WhitenedFinding | null;
  readonly spectrum: WhitenedSpectrum | null;
  readonly statements: readonly HeadStatement[];
}

/** @param tokens at least one; their blocks are taken from the first batch */
export function whitenedPart(
  files: HeadFiles,
  { first: { features, sums } }: HeadMeasurement,
  tokens: readonly number[],
  { backend, seed }: { readonly backend: Backend; readonly seed: string },
): WhitenedPart {
  const readout = { rows: finiteRows('--output', files.output), bias: files.bias };
  const fields = tokenFields(features, readout, sums.logNormaliser, tokens, backend);
  const defect = rowSumDefect(fields, features, sums.mass, randomStream(seed, 'head-rows', 0));
  const tolerance = Math.max(rowSumTolerance, 4 * files.normaliserPrecision * largest(sums.logNormaliser));
  const rowSums: HeadStatement = {
    id: 'row-sums',
    statement: 'The blocks of each row add up to 0',
    verdict: defect <= tolerance ? 'agree' : 'disagree',
    reason: `On a random vector, ${tokens.length} rows: off by ${defect <= tolerance ? `less than ${atMost(defect)}` : defect.toPrecision(2)} of their terms, where rounding allows ${tolerance.toPrecision(2)}.`,
  };
  const head = new WhitenedHead(fields, features, sums.gram, backend);
  if (head.tokens.length < 2) return { whitened: null, spectrum: null, statements: [rowSums] };
  const energy = whitenedEnergy(head, probes, seed);
  const scale = 1 / (head.tokens.length * sums.dimension);
  const perPair = (scale * sums.classes ** 2) / (head.tokens.length - 1);
  const spectrum = whitenedSpectrum(head, starts, steps, seed);
  const { smallest: low, largest: high } = spectrum;
  const inside = low.value >= -boundTolerance && high.value <= 2 + boundTolerance;
  return {
    whitened: {
      tokens: head.tokens.length,
      order: head.order,
      probes,
      energy: { value: energy.value * scale, error: energy.error * scale },
      scaled: { value: energy.value * perPair, error: energy.error * perPair },
      damping,
    },
    spectrum,
    statements: [
      rowSums,
      {
        id: 'bounds',
        statement: '0 ⪯ H ⪯ 2·blockdiag(H)',
        verdict: inside ? 'agree' : 'disagree',
        reason: `Eigenvalues of D^-½ H D^-½ over ${head.tokens.length} tokens, by Lanczos: from ${shown(low.value)} to ${shown(high.value)}; rounding is ${boundTolerance}.`,
      },
    ],
  };
}

/** The next power of ten: what rounding leaves differs from machine to machine. */
const atMost = (value: number): string => `1e${Math.max(-14, Math.ceil(Math.log10(value)))}`;

/** An end of the spectrum; what rounding makes of 0 is 0. */
const shown = (value: number): string => (Math.abs(value) < boundTolerance ? '0' : value.toPrecision(5));

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
