import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/generalisedMarchenkoPastur.js';
import { discreteMeasure } from '../../../theory/measures/discreteMeasure.js';
import { findOutliers } from '../../../theory/outliers/findOutliers.js';
import { hiddenSquaredErrorOutliers } from '../../../theory/outliers/hiddenSquaredErrorOutliers.js';
import { softEdgeScaling } from '../../../theory/fluctuations/softEdgeScaling.js';
import { outliersFromSamples } from '../../../theory/outliers/outliersFromSamples.js';
import { hiddenWeightFunction } from '../../../theory/network/hiddenWeight.js';
import { outliersOfModel } from '../../../theory/models/outliersOfModel.js';
import { outliersOfWeightFunction } from '../../../theory/outliers/outliersOfWeightFunction.js';
import { hiddenWeightsGivenReadout } from '../../../theory/weights/hiddenWeightsGivenReadout.js';
import { forEachNormalPoint } from '../../../theory/numerics/latticePoints.js';
import { softmaxWeights } from '../../../theory/weights/softmaxWeights.js';

interface Ends {
  smallest: number[][];
  largest: number[][];
}
interface Drawn {
  dimension: number;
  samples: number;
  draws: number;
}
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/numpy/edgesOutliers.json', import.meta.url), 'utf8'),
) as {
  linear: (Drawn & { offDiagonal: Ends; diagonal: Ends; twin: Ends })[];
  hidden: (Drawn & Ends)[];
  shell: (Drawn & Ends)[];
};

const CLASSES = 10;

/** The logits of the fixture: mulberry32 by counter and Box–Muller, as in its script. */
function fixedNormals(seed: number, count: number): Float64Array {
  const uniform = (n: number) => {
    const a = (seed + Math.imul(n + 1, 0x6d2b79f5)) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return Float64Array.from({ length: count }, (_, n) => {
    const even = n - (n % 2);
    const radius = Math.sqrt(-2 * Math.log(uniform(even)));
    const angle = 2 * Math.PI * uniform(even + 1);
    return radius * (n % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
}

function softmaxWeightsOf(logits: Float64Array, samples: number, block: 'diagonal' | 'off-diagonal'): Float64Array {
  return Float64Array.from({ length: samples }, (_, n) => {
    let total = 0;
    for (let c = 0; c < CLASSES; c++) total += Math.exp(logits[c * samples + n]!);
    const [p, q] = [Math.exp(logits[n]!) / total, Math.exp(logits[samples + n]!) / total];
    return block === 'diagonal' ? p * (1 - p) : -p * q;
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const standardError = (values: readonly number[]) => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
};

describe('outliers of drawn linear cross-entropy blocks, C = 10, aspect ratio 1/10 (fixture edgesOutliers.py)', () => {
  type Block = 'diagonal' | 'off-diagonal';

  /** The clear predictions of every draw, outermost first, beside the drawn eigenvalues of that side. */
  function clearPredictions(block: Block, { draws = 16, aspectRatioFactor = 1 } = {}) {
    return fixture.linear.flatMap((set) =>
      Array.from({ length: Math.min(draws, set.draws) }, (_, draw) => {
        const { dimension, samples } = set;
        const logits = fixedNormals(1000 * dimension + draw, CLASSES * samples);
        const weights = softmaxWeightsOf(logits, samples, block);
        const aspectRatio = (dimension / samples) * aspectRatioFactor;
        const law = generalisedMarchenkoPastur(discreteMeasure(weights), aspectRatio);
        const found = outliersFromSamples({ weights, coordinates: logits, rank: CLASSES, aspectRatio, law });
        const off = block === 'off-diagonal';
        const drawn = off ? set.offDiagonal.smallest[draw]! : set.diagonal.largest[draw]!.toReversed();
        const twin = set.twin.smallest[draw]!;
        const edge = off ? law.support[0]![0] : law.support.at(-1)![1];
        const side = off ? 'below' : 'above';
        const outermost = found.filter((outlier) => outlier.side === side);
        if (!off) outermost.reverse();
        // Within about d^{-2/3} of the bulk an outlier cannot be told from the edge's own fluctuation.
        const clear = outermost.filter(({ at, deviation }) => Math.abs(at - edge) > deviation);
        const { scale } = softEdgeScaling(law, edge, dimension);
        return { clear, outermost, drawn, twin, edge, scale, onOtherSide: found.length - outermost.length };
      }),
    );
  }
  let offDiagonal: ReturnType<typeof clearPredictions>;
  beforeAll(() => {
    offDiagonal = clearPredictions('off-diagonal');
  });
  const scores = (entries: ReturnType<typeof clearPredictions>) =>
    entries.flatMap(({ clear, drawn }) => clear.map(({ at, deviation }, k) => (drawn[k]! - at) / deviation));
  const rootMeanSquare = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => value * value)));

  test('given the drawn weights, an eigenvalue sits at each prediction, within its predicted standard deviation', () => {
    const z = scores(offDiagonal);
    expect(z.length).toBeGreaterThan(12);
    // Standard normal to leading order. 5 in any of about 20: chance 1e-5. Root mean square beyond 1.8 of 13 or more:
    // below 1e-4.
    for (const score of z) expect(Math.abs(score)).toBeLessThan(5);
    expect(rootMeanSquare(z)).toBeLessThan(1.8);
    expect(rootMeanSquare(z)).toBeGreaterThan(0.5);
    // The twin (same weights, independent columns) has no outlier: at the same places it has nothing.
    const twins = offDiagonal.flatMap(({ clear, twin }) =>
      clear.slice(0, 1).map(({ at, deviation }) => (twin[0]! - at) / deviation),
    );
    expect(mean(twins)).toBeGreaterThan(4 * standardError(twins));
  });

  test('the count is right: what is not predicted stays at the edge of the bulk, on the other side too', () => {
    for (const { clear, drawn, edge, scale, onOtherSide } of offDiagonal) {
      const next = drawn[clear.length]!;
      // 6 units of the edge's own scale beyond it: P(TW₁ > 6) = 2e-6; an unclear outlier may add one deviation, well
      // below 3 units.
      expect(next).toBeGreaterThan(edge - 9 * scale);
      expect(onOtherSide).toBe(0);
    }
  });

  test('a wrong aspect ratio is rejected', () => {
    const wrong = scores(clearPredictions('off-diagonal', { aspectRatioFactor: 0.75 }));
    expect(Math.abs(mean(wrong))).toBeGreaterThan(5 / Math.sqrt(wrong.length));
    const right = scores(offDiagonal);
    expect(Math.abs(mean(right))).toBeLessThan(4 / Math.sqrt(right.length));
  });

  test('diagonal block: the top eigenvalue is where the outlier, or without one the edge, is predicted', () => {
    for (const { outermost, drawn, edge, scale } of clearPredictions('diagonal', { draws: 8 })) {
      const [at, deviation] = [outermost[0]?.at ?? edge, outermost[0]?.deviation ?? 0];
      // Near the edge both fluctuate on its scale; TW₁ has mean −1.2, and P(TW₁ < −5) = 3e-4, P(TW₁ > 4) = 2e-4.
      expect((drawn[0]! - at) / (deviation + scale)).toBeLessThan(4);
      expect((drawn[0]! - at) / (deviation + scale)).toBeGreaterThan(-5);
    }
  });

  test('in the limit law, with tails cut at 1/N: mean over draws', () => {
    for (const set of fixture.linear.slice(1)) {
      const bulk = generalisedMarchenkoPastur(
        softmaxWeights({ classes: CLASSES, logitVariance: 1, block: 'off-diagonal' }).quadrature,
        0.1,
      );
      const found = outliersOfModel({
        model: 'linear',
        loss: 'ce',
        law: bulk,
        i: 0,
        j: 1,
        classes: CLASSES,
        logitVariance: 1,
        points: 1024,
        negligibleMass: 1 / set.samples,
      });
      expect(found.map(({ side, multiplicity }) => [side, multiplicity])).toEqual([['below', 1]]);
      const drawn = set.offDiagonal.smallest.map((row) => row[0]!);
      expect(found[0]!.error).toBeLessThan(2e-3 * Math.abs(found[0]!.at));
      expect(Math.abs(mean(drawn) / found[0]!.at - 1)).toBeLessThan(
        (4 * standardError(drawn)) / Math.abs(mean(drawn)) + 2 / set.dimension,
      );
    }
  });
});

describe('outliers of drawn hidden blocks under the squared error, aspect ratio 1/20 (fixture edgesOutliers.py)', () => {
  const lawAt = (aspectRatio: number) => generalisedMarchenkoPastur(discreteMeasure([0, 1], [0.75, 0.25]), aspectRatio);

  test('one below, one above, none more; both places right on average', () => {
    for (const { dimension, smallest, largest } of fixture.hidden) {
      const law = lawAt(0.05);
      const [below, above] = hiddenSquaredErrorOutliers({ law, scale: 1 });
      const low = smallest.map((row) => row[0]!);
      const high = largest.map((row) => row.at(-1)!);
      // 4 standard errors: chance of a false alarm 6e-5 for each of the four; the bias of order 1/d is allowed for.
      expect(Math.abs(mean(low) - below!.at)).toBeLessThan(4 * standardError(low) + 0.2 / dimension);
      expect(Math.abs(mean(high) - above!.at)).toBeLessThan(4 * standardError(high) + 0.2 / dimension);
      expect(mean(smallest.map((row) => row[1]!))).toBeGreaterThan(law.support[0]![0]);
      expect(mean(largest.map((row) => row.at(-2)!))).toBeLessThan(law.support.at(-1)![1]);
    }
  });

  test('an aspect ratio off by 20 % is rejected', () => {
    for (const wrong of [0.04, 0.06]) {
      const { dimension, largest } = fixture.hidden[1]!;
      const above = hiddenSquaredErrorOutliers({ law: lawAt(wrong), scale: 1 })[1]!;
      const high = largest.map((row) => row.at(-1)!);
      expect(Math.abs(mean(high) - above.at)).toBeGreaterThan(4 * standardError(high) + 0.2 / dimension);
    }
  });
});

describe('outliers of drawn hidden cross-entropy blocks given V, aspect ratio 1/20 (fixture edgesHiddenOutliers.py)', () => {
  const drawn = JSON.parse(
    readFileSync(new URL('../../fixtures/numpy/edgesHiddenOutliers.json', import.meta.url), 'utf8'),
  ) as {
    classes: number;
    width: number;
    readout: number[];
    sets: (Drawn & Ends)[];
  };
  const common = {
    loss: 'ce',
    activation: 'relu',
    readout: drawn.readout,
    classes: drawn.classes,
    width: drawn.width,
    i: 0,
    j: 1,
  } as const;
  const { measure } = hiddenWeightsGivenReadout(common);
  const predict = (aspectRatio: number) => {
    const law = generalisedMarchenkoPastur(measure, aspectRatio);
    return {
      law,
      outliers: outliersOfModel({ model: 'hidden', law, ...common, points: 512, negligibleMass: 1 / 4000 }),
    };
  };

  test('one below, at the predicted place on average; none above; a wrong aspect ratio is rejected', () => {
    const { law, outliers } = predict(0.05);
    expect(outliers.map(({ side, multiplicity }) => [side, multiplicity])).toEqual([['below', 1]]);
    const { at, error } = outliers[0]!;
    for (const { dimension, smallest, largest } of drawn.sets) {
      const low = smallest.map((row) => row[0]!);
      // 4 standard errors of each, and a relative bias of k/d (k = 3 directions are missing from the orthogonal part).
      expect(Math.abs(mean(low) - at)).toBeLessThan(
        4 * Math.hypot(standardError(low), error) + (3 / dimension) * Math.abs(at),
      );
      expect(mean(smallest.map((row) => row[1]!))).toBeGreaterThan(law.support[0]![0]);
      expect(mean(largest.map((row) => row.at(-1)!))).toBeLessThan(law.support.at(-1)![1]);
    }
    const { dimension, smallest } = drawn.sets[1]!;
    const low = smallest.map((row) => row[0]!);
    const wrong = predict(0.08).outliers[0]!;
    expect(Math.abs(mean(low) - wrong.at)).toBeGreaterThan(
      4 * Math.hypot(standardError(low), wrong.error) + (3 / dimension) * Math.abs(wrong.at),
    );
  });
});

describe('outliers of drawn diagonal hidden blocks of smooth activations given V and W, labels uniform (fixture edgesLabelledOutliers.py)', () => {
  const drawn = JSON.parse(
    readFileSync(new URL('../../fixtures/numpy/edgesLabelledOutliers.json', import.meta.url), 'utf8'),
  ) as {
    classes: number;
    width: number;
    hiddenLayer: number[];
    sets: (Drawn & Ends & { activation: 'tanh' | 'gelu'; loss: 'ce' | 'mse'; readout: number[] })[];
  };
  const { classes, width, hiddenLayer } = drawn;
  const preactivationGram = Array.from({ length: width * width }, (_, at) => {
    const [a, b] = [Math.floor(at / width), at % width];
    return hiddenLayer
      .slice(a * width, (a + 1) * width)
      .reduce((sum, entry, k) => sum + entry * hiddenLayer[b * width + k]!, 0);
  });
  /** How many leave the bulk on either side: each case has at least one, of either sign over the cases. */
  const counts = { 'tanh mse': [1, 1], 'tanh ce': [1, 1], 'gelu mse': [0, 1], 'gelu ce': [1, 0] } as const;

  for (const set of drawn.sets) {
    const { activation, loss, readout, dimension, samples, smallest, largest } = set;
    const hidden = { loss, activation, readout, classes, width, i: 0, j: 0, preactivationGram } as const;
    const cubature = { points: 1024, negligibleMass: 1 / samples };
    // The bulk to which the three directions are coupled has the other d − 3 dimensions.
    const aspectRatio = (dimension - width) / samples;

    const predict = ({ ratio = aspectRatio, residualTerm = true } = {}) => {
      const law = generalisedMarchenkoPastur(
        hiddenWeightsGivenReadout({ ...hidden, residualTerm, points: 4096 }).measure,
        ratio,
      );
      return { law, outliers: outliersOfModel({ model: 'hidden', law, ...hidden, residualTerm, ...cubature }) };
    };

    /** With σ″ in place but every label's v_{y,i} at its mean over the classes. */
    const predictWithoutSpread = () => {
      const { labelMasses, weightsOf } = hiddenWeightFunction(hidden);
      const perLabel = new Float64Array(labelMasses.length);
      const weightOf = (point: Float64Array) => {
        weightsOf(point, perLabel);
        return perLabel.reduce((sum, weight, label) => sum + labelMasses[label]! * weight, 0);
      };
      const weights: number[] = [];
      forEachNormalPoint({ dimension: width, points: 4096, shift: 0 }, (point) => weights.push(weightOf(point)));
      const law = generalisedMarchenkoPastur(discreteMeasure(weights), aspectRatio);
      return { law, outliers: outliersOfWeightFunction({ law, rank: width, weightOf, ...cubature }) };
    };

    test(`${activation}, ${loss}: all of them at their places on average, none more; wrong predictions are rejected`, () => {
      const [countBelow, countAbove] = counts[`${activation} ${loss}`];
      const below = (rank: number) => smallest.map((row) => row[rank]!);
      const above = (rank: number) => largest.map((row) => row.at(-1 - rank)!);
      const scores = ({ outliers }: Pick<ReturnType<typeof predict>, 'outliers'>) =>
        outliers.map(({ at, error, side }) => {
          const places = side === 'below' ? below(0) : above(0);
          return (mean(places) - at) / Math.hypot(standardError(places), error);
        });
      const sidesOf = ({ outliers }: Pick<ReturnType<typeof predict>, 'outliers'>) => outliers.map(({ side }) => side);
      const expected = [...new Array<string>(countBelow).fill('below'), ...new Array<string>(countAbove).fill('above')];

      const right = predict();
      expect(sidesOf(right)).toEqual(expected);
      expect(right.outliers.every(({ multiplicity }) => multiplicity === 1)).toBe(true);
      // 4 standard errors: chance of a false alarm 6e-5 for each of the six places.
      for (const score of scores(right)) expect(Math.abs(score)).toBeLessThan(4);
      // What is not predicted keeps to the edge, inside of which the mean of an extreme eigenvalue lies: 3e-5 at most
      // for each of the eight ends.
      const [lowest, highest] = [right.law.support[0]![0], right.law.support.at(-1)![1]];
      expect(mean(below(countBelow))).toBeGreaterThan(lowest - 4 * standardError(below(countBelow)));
      expect(mean(above(countAbove))).toBeLessThan(highest + 4 * standardError(above(countAbove)));

      const wrong = [predict({ ratio: 1.5 * aspectRatio }), predict({ residualTerm: false })];
      // Under the squared error |v_i|² outweighs v_{y,i} in these weights, and the labels' spread moves no outlier by
      // more than it fluctuates.
      if (loss === 'ce') wrong.push(predictWithoutSpread());
      for (const prediction of wrong) {
        const rejected =
          sidesOf(prediction).join() !== expected.join() || scores(prediction).some((score) => Math.abs(score) > 4);
        expect(rejected).toBe(true);
      }
    });
  }
});

test('a threefold outlier shows three eigenvalues about its place (fixture edgesOutliers.py, shell)', () => {
  // E[a/(1 + γ a t) |g|²/3] with P(χ²₃ > 2.36597) = 0.5 and P(χ²₅ > 2.36597) = 0.7965308 (SciPy chi2.sf).
  const [above3, above5] = [0.5, 0.7965308];
  const law = generalisedMarchenkoPastur(discreteMeasure([-1, 2], [1 - above3, above3]), 0.1);
  const share = (t: number) => (2 * above5) / (1 + 0.2 * t) - (1 - above5) / (1 - 0.1 * t);
  const weightMoments = (t: number) => Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? share(t) : 0));
  const [outlier, ...others] = findOutliers({ law, weightMoments, rank: 3 });
  expect(others).toEqual([]);
  expect(outlier!.multiplicity).toBe(3);
  for (const { dimension, largest } of fixture.shell) {
    const top = law.support.at(-1)![1];
    const centres = largest.map((row) => mean(row.slice(-3)));
    expect(Math.abs(mean(centres) - outlier!.at)).toBeLessThan(4 * standardError(centres) + 3 / dimension);
    expect(mean(largest.map((row) => row.at(-4)!))).toBeLessThan(top);
    expect(mean(largest.map((row) => row.at(-3)!))).toBeGreaterThan(top);
  }
});
