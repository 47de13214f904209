/** Sentences about the Hessian at initialisation, by what the claims about its blocks measure anyway. */
import type { DistanceSeries, PaperSentence } from '../../../figures/results.js';
import type { Preset } from '../presets.js';
import { paperSentences } from '../paperSentences.js';
import { markSentence } from './markSentence.js';
import type { Assertion } from './markSentence.js';
import type { RatioEvidence } from './ratioEvidence.js';

/** An exponent nearer to another whole number than to the one said refutes the rate. */
const halfWay = 0.5;

const rates = { 1: paperSentences.rateOne, 2: paperSentences.rateTwo } as const;

/** That blocks vanish as C grows, and how fast. */
export function rateSentences({ slope, curve }: RatioEvidence, setUp: string): PaperSentence[] {
  const { classes, rate } = curve;
  const fitted: Omit<Assertion, 'lower' | 'upper'> = {
    quantity: `exponent of C in the ratio of squared norms, C = ${classes[0]} to ${classes[classes.length - 1]}`,
    measured: slope === undefined ? null : (slope.measured as number),
    interval: slope?.interval ?? null,
  };
  return [
    markSentence(paperSentences.blocksVanish, setUp, [{ ...fitted, upper: 0 }]),
    ...(rate === 1 || rate === 2
      ? [markSentence(rates[rate], setUp, [{ ...fitted, lower: -rate - halfWay, upper: -rate + halfWay }])]
      : []),
  ];
}

/** That blocks are zero: `wrong` of `draws` had one that is not. */
export function zeroSentence(draws: number, wrong: number, setUp: string): PaperSentence {
  const share = draws === 0 ? null : wrong / draws;
  return markSentence(paperSentences.zeroBlocks, setUp, [
    {
      quantity: `share of ${draws} draws with an off-diagonal block that is not exactly zero`,
      measured: share,
      // No chance is in it: a block is zero in every bit or it is not.
      interval: share === null ? null : { lower: share, upper: share, level: 1 },
      upper: 0,
    },
  ]);
}

/** That spectra tend to their limit laws: the distance at the first level falls as d grows. */
export function limitSentence(distances: readonly DistanceSeries[], setUp: string): PaperSentence {
  return markSentence(
    paperSentences.limitLaws,
    setUp,
    distances
      .filter(({ level }) => level === 1)
      .map(({ label, block, dimensions, exponent, interval }) => ({
        quantity: `${label === undefined ? '' : `${label}, `}${block} block: exponent of d in the distance to the limit law, d = ${dimensions.join(', ')}`,
        measured: exponent,
        interval,
        upper: 0,
      })),
  );
}

export function spectraSetUp({ aspectRatio, dimensions, width }: Preset, isHidden: boolean): string {
  return `initialisation, d/N = ${aspectRatio}, d = ${dimensions.join(', ')}${isHidden ? `, m = ${width}` : ''}`;
}

export function normsSetUp({ norms, width }: Preset, initialisation: string, isHidden: boolean): string {
  return `initialisation ${initialisation}, d = ${norms.dimension}, d/N = ${norms.aspectRatio}${isHidden ? `, m = ${width}, given V and W` : ''}`;
}
