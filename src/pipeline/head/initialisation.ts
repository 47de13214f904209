/** The law at initialisation against a head as drawn: the formula against draws, and the head among them. */
import {
  judge,
  monteCarloPValue,
  powerOfMeanTest,
  ratioTest,
  summarise,
} from '../../../simulations/comparisons/index.js';
import { headSums, readoutDraws, type DrawnSums } from '../../../simulations/head/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { initialisationLimit } from '../../../theory/head/initialisation.js';
import { initialisationSums } from '../../../theory/head/initialisationSums.js';
import type { HeadFiles } from './headFiles.js';
import type { HeadStatement, InitialisationFinding } from './headResult.js';
import type { HeadMeasurement } from './measureHead.js';
import { finiteRows } from './readRows.js';

/** Draws of V: the least p-value of two tests at level 0.01 is 1/400. */
const draws = 399;
/** Multiplications of a draw, N²C, which fix how many positions take part. */
const largestDraw = 2 ** 22;
const positionsOf = (classes: number, samples: number): number =>
  Math.min(samples, Math.max(8, Math.floor(Math.sqrt(largestDraw / classes))));

const statement = 'C²·r is that of V iid N(0, τ), independent of the features';

/** Mean of V², from its rows. */
export function meanSquare(files: HeadFiles): number {
  const { rows, columns } = files.output;
  const atOnce = Math.max(1, Math.floor(2 ** 20 / columns));
  const source = finiteRows('--output', files.output);
  let sum = 0;
  for (let first = 0; first < rows; first += atOnce) {
    const tile = new Float64Array(Math.min(atOnce, rows - first) * columns);
    source.read(first, tile);
    let squares = 0;
    for (let k = 0; k < tile.length; k++) squares += tile[k]! * tile[k]!;
    sum += squares;
  }
  return sum / (rows * columns);
}

export interface InitialisationSettings {
  readonly backend: Backend;
  readonly level: number;
  readonly seed: string;
}

/** @param variance τ, mean of V² */
export function judgeInitialisation(
  files: HeadFiles,
  { first }: HeadMeasurement,
  variance: number,
  { backend, level, seed }: InitialisationSettings,
): { readonly finding: InitialisationFinding; readonly statement: HeadStatement } {
  const { sums, features } = first;
  const { samples, dimension, classes } = sums;
  const count = positionsOf(classes, samples);
  const chosen = Array.from({ length: count }, (_, k) => Math.floor((k * samples) / count));
  const gram = new Float64Array(count * count);
  chosen.forEach((n, a) => chosen.forEach((m, b) => (gram[a * count + b] = sums.gram[n * samples + m]!)));
  // The head itself on these positions, as each draw is.
  const own = headSums({
    features: Float64Array.from(
      { length: count * dimension },
      (_, k) => features[chosen[Math.floor(k / dimension)]! * dimension + (k % dimension)]!,
    ),
    samples: count,
    dimension,
    rows: finiteRows('--output', files.output),
    bias: files.bias,
    logNormaliser: Float64Array.from(chosen, (n) => sums.logNormaliser[n]!),
    backend,
  }).all;
  const drawn = readoutDraws({
    gram: gram.map((inner) => variance * inner),
    samples: count,
    classes,
    draws,
    seed,
    backend,
  });
  const everyone = initialisationSums(sums.gram, samples, variance, classes);
  const predicted = (count === samples ? everyone : initialisationSums(gram, count, variance, classes)).all;
  const t = predicted.off / predicted.on;
  const numerators = drawn.map(({ offDiagonal }) => offDiagonal);
  const denominators = drawn.map(({ diagonal }) => diagonal);
  const formula = ratioTest(numerators, denominators, t);
  const place = placeAmong(own, drawn);
  const limitOf = (factor: number) => initialisationLimit(gram, count, factor * variance).all;
  const differences = summarise(
    numerators.map((value, k) => value - t * denominators[k]!),
    'judgeInitialisation',
  );
  const power = (factor: number) =>
    powerOfMeanTest({
      effect:
        ((factor - 1) * t * summarise(denominators, 'judgeInitialisation').mean) / Math.sqrt(differences.variance),
      replicates: draws,
      level: level / 2,
      sides: 2,
    });
  const { verdict, reason } = judge({
    level,
    tests: [
      { id: `the formula against ${draws} draws of V at ${count} of the positions`, pValue: formula.pValue },
      { id: 'this head among those draws', pValue: place },
    ],
    powers: [
      ['τ 10 % larger', limitOf(1.1) / limitOf(1)] as const,
      ['the weight e^{τg} squared left out', 1 / limitOf(1)] as const,
    ].map(([alternative, factor]) => ({ alternative, power: power(factor), replicatesNeeded: Infinity })),
    remedy: () => 'take other features, or more classes: logits vary too little for the formula to differ from 1',
  });
  const limit = initialisationLimit(sums.gram, samples, variance);
  return {
    finding: {
      variance,
      expected: everyone.all.scaled,
      limit: limit.all,
      expectedPopulation: everyone.population.scaled,
      limitPopulation: limit.population,
      positions: count,
      draws,
      formulaScore: formula.z,
      formulaPValue: formula.pValue,
      placePValue: place,
    },
    statement: { id: 'initialisation', statement, verdict, reason },
  };
}

/** How far log t lies from the middle of all, among the draws: exact where V is one of them. */
function placeAmong(own: DrawnSums, drawn: readonly DrawnSums[]): number {
  const logs = [own, ...drawn].map(({ diagonal, offDiagonal }) => Math.log(offDiagonal / diagonal));
  const middle = [...logs].sort((a, b) => a - b)[Math.floor(logs.length / 2)]!;
  const distances = logs.map((log) => Math.abs(log - middle));
  return monteCarloPValue(distances[0]!, distances.slice(1));
}
