/** What a comparison found, as names and values. */
import type { AlternativePower } from '../pipeline/compare/alternativePower.js';
import type { BulkComparison } from '../pipeline/compare/compareBulk.js';
import type { CompareResult, Comparison } from '../pipeline/compare/compare.js';
import type { ComparisonTest } from '../pipeline/compare/comparison.js';
import type { LargestComparison } from '../pipeline/compare/compareLargest.js';
import { counted } from '../pipeline/counted.js';
import { powerText, pValueText } from '../pipeline/probability.js';
import type { QuadratureComparison } from '../pipeline/compare/quadrature/compareQuadrature.js';
import type { Cause } from '../draws/causes/cause.js';
import { exact } from './numberTable.js';

type Fact = [name: string, value: string];

export function comparisonFacts(result: Comparison, nullTable: string | undefined): Fact[] {
  switch (result.kind) {
    case 'bulk':
      return bulkFacts(result, nullTable);
    case 'compare':
      return lawFacts(result, nullTable);
    case 'largest':
      return largestFacts(result);
    case 'quadrature':
      return quadratureFacts(result);
  }
}

/** Five digits: more than the interval leaves. */
const short = (value: number): string => String(Number(value.toPrecision(5)));

/** Of a law that has one. */
const ratioFacts = ({ aspectRatio }: { readonly aspectRatio?: number }, words: (value: number) => string): Fact[] =>
  aspectRatio === undefined ? [] : [['aspect ratio d/N', words(aspectRatio)]];

function bulkFacts({ fit, ...result }: BulkComparison, nullTable: string | undefined): Fact[] {
  const { tests } = fit;
  return [
    ['spectrum', result.source],
    [
      'looked for',
      result.hypothesis === undefined
        ? 'a bulk of independent noise, (1/N) Σ x xᵀ with entries of variance σ², and eigenvalues outside it: spikes'
        : `a factor times ${result.hypothesis}, and eigenvalues outside its bulk: spikes`,
    ],
    ...(fit.status === 'bulk' ? estimateFacts(fit, result) : []),
    ...(tests === undefined
      ? []
      : ([
          ['p (above)', `${pValueText(tests.largest)}   of the largest eigenvalues, if there are no spikes`],
          ['p (below)', `${pValueText(tests.smallest)}   of the smallest`],
          [
            'p (shape)',
            `${pValueText(tests.shape)}   of the bulk without spikes; each of the three at level ${result.level}`,
          ],
        ] as Fact[])),
    ...(fit.status === 'bulk'
      ? [
          [
            'null',
            `${fit.nullReplicates} draws of the ${result.hypothesis === undefined ? 'bulk' : 'law'}, fitted again in each; beyond the largest of them a fitted tail`,
          ] as Fact,
          ...nullTableFacts(nullTable, fit.nullFromTable),
        ]
      : []),
    ...result.powers.map(powerFact),
    ['verdict', `${result.verdict}. ${result.reason}`],
    ...causeFacts(result.causes),
    ...result.notes.map((note): Fact => ['note', note]),
  ];
}

/** Numbered where there are several. */
function causeFacts(causes: readonly Cause[] | undefined): Fact[] {
  if (causes === undefined) return [];
  if (causes.length === 0)
    return [
      [
        'likely cause',
        'none of those known: factors of 2, N and C, N/d for d/N, zeros, modes; of white noise also another N, square roots, rows or columns that are correlated or of unequal variance, heavy tails',
      ],
    ];
  const refit = causes[0]!.refit;
  return [
    ...causes.map(({ sentence }, k): Fact => [
      causes.length === 1 ? 'likely cause' : `likely cause ${k + 1}`,
      sentence,
    ]),
    ...(refit === undefined ? [] : [['refit', refit.sentence] as Fact]),
  ];
}

type FoundBulk = Extract<BulkComparison['fit'], { status: 'bulk' }>;

function estimateFacts(
  fit: FoundBulk,
  { samples, hypothesis }: Pick<BulkComparison, 'samples' | 'hypothesis'>,
): Fact[] {
  const { degrees, aspectRatioInterval: ratio, varianceInterval: variance } = fit;
  const interval = ([low, high]: readonly [number, number]): string =>
    `   95 % interval ${short(low)} … ${short(high)}`;
  const stated = hypothesis !== undefined;
  const source = ratio !== undefined ? 'fitted' : sourceOf(degrees, samples);
  return [
    [
      stated ? 'fitted scale' : 'noise variance σ²',
      `${short(fit.variance)}${variance === undefined ? '   as given' : interval(variance)}`,
    ],
    [
      'aspect ratio d/N',
      `${short(fit.aspectRatio)}${ratio === undefined ? '' : interval(ratio)}   (N = ${short(degrees)}, ${source})`,
    ],
    ...(fit.zeros > 0 ? [['zeros', String(fit.zeros)] as Fact] : []),
    ['bulk', `${short(fit.edges[0])} … ${short(fit.edges[1])}`],
    ['spikes above', spikeList(fit.above, stated ? '' : ' σ²')],
    ['spikes below', spikeList(fit.below, stated ? '' : ' σ²')],
  ];
}

/** N as it was given, or as the zeros have it: a mean over draws is whole to rounding. */
function sourceOf(degrees: number, samples: number | undefined): string {
  const less = samples === undefined ? NaN : Math.round(samples - degrees);
  return less === 0 ? 'given' : less === 1 ? `${samples} less 1 for the mean` : 'see the note';
}

const mostListed = 20;

/** Eigenvalue and, in brackets, the strength: the variance of x in that direction over that in the others, σ². */
function spikeList(spikes: FoundBulk['above'], unit: string): string {
  if (spikes.length === 0) return 'none';
  const listed = spikes
    .slice(0, mostListed)
    .map(
      ({ eigenvalue, strength, draw }) =>
        `${short(eigenvalue)} (${short(strength)}${unit}${draw === undefined ? '' : `, draw ${draw}`})`,
    );
  return `${spikes.length}, eigenvalue (strength): ${listed.join(', ')}${spikes.length > mostListed ? ', … (all with --json)' : ''}`;
}

function nullTableFacts(nullTable: string | undefined, fromTable: boolean): Fact[] {
  return nullTable === undefined ? [] : [['null draws', `${fromTable ? 'taken from' : 'added to'} ${nullTable}`]];
}

function lawFacts(result: CompareResult, nullTable: string | undefined): Fact[] {
  const { distances } = result;
  return [
    ['spectrum', result.source],
    ['hypothesis', result.hypothesis],
    ...Object.entries(result.fitted).map(([name, value]): Fact => [`fitted ${name}`, exact(value)]),
    ...ratioFacts(result, exact),
    ['support', result.support.map(([lower, upper]) => `[${exact(lower)}, ${exact(upper)}]`).join(' ∪ ') || 'none'],
    ...result.atoms.map(({ at, mass }): Fact => [`atom at ${exact(at)}`, `mass ${exact(mass)}`]),
    ['Kolmogorov', `${short(distances.kolmogorov)}   (d·D = ${short(distances.kolmogorov * result.dimension)})`],
    ['Wasserstein-1, -2', `${short(distances.wasserstein1)}, ${short(distances.wasserstein2)}`],
    ['Cramér–von Mises', short(distances.cramerVonMises)],
    ['Anderson–Darling', short(distances.andersonDarling)],
    ...result.tests.map(({ id, pValue, adjusted, note }): Fact => [
      `p (${id})`,
      `${pValueText(pValue)}   (adjusted ${pValueText(adjusted)}${note === undefined ? '' : `; ${note}`})`,
    ]),
    ['null', `${result.tests[0]!.null}; beyond the largest of them a fitted tail`],
    [
      'void',
      `the textbook Kolmogorov p-value is ${pValueText(result.voidIidPValue)}: eigenvalues are not independent draws, so this is no p-value`,
    ],
    ...nullTableFacts(nullTable, result.nullFromTable),
    ...result.powers.map(powerFact),
    ['verdict', `${result.verdict}. ${result.reason}`],
    ...causeFacts(result.causes),
    ...result.notes.map((note): Fact => ['note', note]),
  ];
}

/** The interval is shown where draws leave doubt. */
function powerFact({ alternative, probability, draws, interval, required }: AlternativePower): Fact {
  const doubt = probability < 0.995 ? `; 95 % interval ${interval.map((bound) => bound.toFixed(2)).join(' … ')}` : '';
  const shown = required ? '' : '; shown, not required: its law is the same';
  return ['power', `${powerText(probability)} against ${alternative} (${counted(draws, 'draw')}${doubt}${shown})`];
}

function largestFacts(result: LargestComparison): Fact[] {
  const { beyond } = result;
  const listed = beyond.slice(0, mostListed).map(short).join(', ');
  return [
    ['spectrum', result.source],
    ['hypothesis', result.hypothesis],
    ...ratioFacts(result, short),
    ['edge', `${short(result.edge)}; noise passes ${short(result.reach)} with chance ${result.level / 2}`],
    [
      'beyond it',
      beyond.length === 0
        ? 'none'
        : `${beyond.length}: ${listed}${beyond.length > mostListed ? ', … (all with --json)' : ''}`,
    ],
    ...result.tests.map(testFact),
    ['null', result.null],
    ['verdict', `${result.verdict}. ${result.reason}`],
    ...result.notes.map((note): Fact => ['note', note]),
  ];
}

function quadratureFacts(result: QuadratureComparison): Fact[] {
  return [
    ['quadrature', result.source],
    ['hypothesis', result.hypothesis],
    ...Object.entries(result.fitted).map(([name, value]): Fact => [`fitted ${name}`, short(value)]),
    ...ratioFacts(result, short),
    ...result.tests.map(testFact),
    ['null', result.null],
    ...result.powers.map(powerFact),
    ['verdict', `${result.verdict}. ${result.reason}`],
    ...result.notes.map((note): Fact => ['note', note]),
  ];
}

const testFact = ({ id, pValue, adjusted, statistic }: ComparisonTest): Fact => [
  `p (${id})`,
  `${pValueText(pValue)}   (adjusted ${pValueText(adjusted)}): ${statistic}`,
];
