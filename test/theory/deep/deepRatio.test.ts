import { describe, expect, test } from '@jest/globals';
import { bothOpen, deepRatios, layerCosines, type DeepNetwork } from '../../../theory/deep/index.js';
import { frobeniusRatio } from '../../../theory/models/frobeniusRatio.js';

const network = (given: Partial<DeepNetwork>): DeepNetwork => ({
  loss: 'mse',
  dimension: 128,
  aspectRatio: 1,
  widths: [128, 128, 128],
  classes: 100,
  logitVariance: 1,
  ...given,
});
const leadingOf = (given: Partial<DeepNetwork>) => deepRatios(network(given)).map(({ leading }) => leading);
const wide = { dimension: Infinity, widths: [Infinity, Infinity, Infinity] };

describe('squared error', () => {
  // The recursion worked out in another program, eight decimals.
  test.each([
    [128, 2, 100, [0.00933322, 0.00317852]],
    [128, 3, 1000, [0.01142548, 0.00375702, 0.00033929]],
    [192, 4, 100, [0.0140355, 0.00457042, 0.00421376, 0.00349303]],
  ])('n = d = N = %d, L = %d, C = %d', (size, depth, classes, expected) => {
    const ratios = leadingOf({ dimension: size, widths: Array<number>(depth).fill(size), classes });
    ratios.forEach((ratio, k) => expect(Math.abs(ratio - expected[k]!)).toBeLessThan(6e-9));
    expect(ratios).toHaveLength(depth);
  });

  test.each([
    [2, 0.3],
    [10, 1],
    [1000, 4],
    [Infinity, 0.5],
  ])('one layer is the hidden model with a normal readout: C = %d, γ = %d', (classes, aspectRatio) => {
    const [deep] = deepRatios(network({ dimension: Infinity, widths: [7], classes, aspectRatio }));
    const hidden = frobeniusRatio({
      model: 'hidden',
      loss: 'mse',
      layer: 'hidden',
      classes,
      width: 7,
      aspectRatio,
      initialisation: 'he',
    });
    expect(Math.abs(deep!.scaled / hidden.scaled - 1)).toBeLessThan(1e-12);
    expect(Math.abs(deep!.limit / hidden.limit - 1)).toBeLessThan(1e-12);
    expect(deep!.floor).toBe(0);
  });

  test('the wide limit is k₀(ρ_{ℓ−1}) Π_{k>ℓ} (2k₀(ρ_{k−1}))²', () => {
    const limits = deepRatios(network({ ...wide, classes: Infinity })).map(({ limit }) => limit);
    // k₀ = 1/2 − arccos(ρ)/2π of cosines 0, 1/π, J(1/π), to five digits by hand.
    expect(limits[1]).toBeCloseTo(0.1331, 5);
    expect(limits[2]).toBeCloseTo(0.33218, 5);
    // In the first layer equal samples stay beside the others: γ = 1.
    const [k0, k1, k2] = [0.25, bothOpen(1 / Math.PI), limits[2]!] as const;
    expect(limits[0]).toBeCloseTo((0.25 + k0 ** 2 * (2 * k1) ** 2 * (2 * k2) ** 2) / (0.5 + k0), 10);
  });

  test('every width above a layer bounds what it can tell apart; a width below does not', () => {
    const at = (widths: number[]) => deepRatios(network({ widths, classes: 1e6 }));
    const [first, second, third] = at([50, 200, 80]) as [DeepOf, DeepOf, DeepOf];
    // (tr M)²/tr M² of products of Wishart matrices: sums of inverse live widths up to their products.
    expect(1 / first.effectiveOutputs).toBeGreaterThan(0.95 * (2 / 200 + 2 / 80));
    expect(1 / first.effectiveOutputs).toBeLessThan(1.05 * (2 / 200 + 2 / 80));
    expect(1 / second.effectiveOutputs / (2 / 80)).toBeCloseTo(1, 1);
    expect(third.effectiveOutputs).toBeCloseTo(1e6, 0);
    expect([first.limit, second.limit]).toEqual([Infinity, Infinity]);
    expect(third.floor).toBe(0);
    const halved = at([50, 200, 40]);
    expect(halved[1]!.floor / second.floor).toBeGreaterThan(1.9);
    // Below, it only lends its own fluctuations.
    expect(Math.abs(at([25, 200, 80])[1]!.floor / second.floor - 1)).toBeLessThan(1 / 25);
  });

  test('beyond the floor C changes nothing; below it C·r does not move', () => {
    const few = deepRatios(network({ widths: [1e6, 1e6, 1e6], classes: 10 }));
    const [saturated] = deepRatios(network({ classes: 1e7 }));
    expect(saturated!.ratio / saturated!.floor).toBeCloseTo(1, 4);
    expect(few[1]!.floor / few[1]!.ratio).toBeLessThan(1e-4);
  });
});

type DeepOf = ReturnType<typeof deepRatios>[number];

describe('cross-entropy', () => {
  test('many classes: e^{s²ρ} times the squared error, ρ the last cosine', () => {
    const [, second, third] = deepRatios(network({ ...wide, loss: 'ce', classes: Infinity, logitVariance: 0.7 }));
    const mse = deepRatios(network({ ...wide, classes: Infinity }));
    const tilt = Math.exp(0.7 * layerCosines(3)[3]!);
    expect(second!.limit / mse[1]!.limit / tilt).toBeCloseTo(1, 12);
    expect(third!.limit / mse[2]!.limit / tilt).toBeCloseTo(1, 12);
    const finite = deepRatios(network({ ...wide, loss: 'ce', classes: 1e7, logitVariance: 0.7 }));
    expect(finite[1]!.scaled / second!.limit).toBeCloseTo(1, 5);
  });

  test('the limit does not depend on the C it is asked at, and C·r goes to it', () => {
    const at = (classes: number) => deepRatios(network({ loss: 'ce', classes, logitVariance: 1 })).at(-1)!;
    const { limit } = at(Infinity);
    for (const classes of [2, 6, 50, 1000]) expect(at(classes).limit / limit).toBeCloseTo(1, 12);
    expect(at(1e7).scaled / limit).toBeCloseTo(1, 5);
  });

  test('two classes are one output: a ratio as with C = 1 under squared error', () => {
    // Π = pq (1, −1)(1, −1)ᵀ: tr ΠΠ′ = tr Π tr Π′, and Y = Z as for one output.
    const ratios = deepRatios(network({ loss: 'ce', classes: 2, logitVariance: 2 }));
    expect(ratios.at(-1)!.effectiveOutputs).toBeCloseTo(1, 3);
    // r of one output in the last layer: off/diag = k/3 at either pair of samples; the samples' weights are their shares.
    const small = deepRatios(
      network({ loss: 'ce', classes: 2, logitVariance: 1e-6, widths: [128], dimension: Infinity }),
    );
    expect(small[0]!.ratio).toBeCloseTo((4 + 1) / (4 * (2 + 1) * 3), 6);
  });

  test('one layer is the hidden model up to 1/n², and without what a unit changes of p itself up to 1/n', () => {
    const gap = (width: number, order: 'ratio' | 'leading', classes = 1e6): number => {
      const setting = { loss: 'ce', classes, aspectRatio: 0.5 } as const;
      const [deep] = deepRatios(network({ ...setting, dimension: Infinity, widths: [width], logitVariance: 2 }));
      const hidden = { model: 'hidden', layer: 'hidden', width, initialisation: 'he', ...setting } as const;
      const { limit } = frobeniusRatio({ ...hidden, classes: Infinity });
      return (order === 'ratio' ? deep!.limit : classes * deep!.leading) / limit - 1;
    };
    expect(gap(512, 'ratio') / gap(1024, 'ratio')).toBeCloseTo(4, 0);
    expect(Math.abs(gap(1024, 'ratio'))).toBeLessThan(2e-4);
    expect(gap(1024, 'leading')).toBeLessThan(-0.015);
  });
});

// The hidden model's ratio is exact at every width and C (paper-notes.md, hidden CE ratio), with a stated standard error.
test.each([
  [64, 10],
  [64, 100],
  [64, 1000],
  [128, 30],
])(
  'one layer of %d units under cross-entropy at C = %d: the hidden model within what is said to be left out',
  (width, classes) => {
    const setting = { loss: 'ce', classes, aspectRatio: 0.5 } as const;
    const [deep] = deepRatios(network({ ...setting, dimension: Infinity, widths: [width], logitVariance: 2 }));
    const hidden = { model: 'hidden', layer: 'hidden', width, initialisation: 'he', effort: 3e7, ...setting } as const;
    const { ratio, ratioError } = frobeniusRatio(hidden);
    expect(Math.abs(ratio - deep!.ratio)).toBeLessThan(deep!.error + 4 * ratioError);
    expect(deep!.error / deep!.ratio).toBeLessThan(0.03);
  },
);

test('what predictions owe to a unit at finite C, to three parts in a thousand where 1/C is small and 1/n² is too', () => {
  const setting = { loss: 'ce', classes: 1000, aspectRatio: 0.5 } as const;
  const [deep] = deepRatios(network({ ...setting, dimension: Infinity, widths: [64], logitVariance: 2 }));
  const { ratio, ratioError } = frobeniusRatio({
    model: 'hidden',
    layer: 'hidden',
    width: 64,
    initialisation: 'he',
    ...setting,
  });
  expect(ratioError / ratio).toBeLessThan(5e-4);
  expect(Math.abs(ratio / deep!.ratio - 1)).toBeLessThan(3e-3);
});

test('cosines and gates', () => {
  // J by hand: J(0) = 1/π; five digits of the next.
  expect([...layerCosines(4)].map((cosine) => Number(cosine.toFixed(5)))).toEqual([
    0, 0.31831, 0.49373, 0.60483, 0.68095,
  ]);
  expect([bothOpen(0), bothOpen(1), bothOpen(-1), bothOpen(0.5)]).toEqual([0.25, 0.5, 0, expect.closeTo(1 / 3, 14)]);
});

test.each(['mse', 'ce'] as const)(
  '%s: the narrowest networks have ratios in (0, 1), with an error as large as they are',
  (loss) => {
    for (const classes of [2, 10, 1e6])
      for (const { ratio, error } of deepRatios(
        network({ loss, dimension: 3, widths: [6, 6, 6], classes, logitVariance: 1 }),
      )) {
        expect(ratio).toBeGreaterThan(0);
        expect(ratio).toBeLessThan(1);
        expect(error).toBeGreaterThan(ratio);
      }
  },
);

test.each([
  [{ dimension: 0 }, /dimension must be a whole number/],
  [{ aspectRatio: 200 }, /aspectRatio must be d\/N with N of at least 1/],
  [{ widths: [] }, /widths must name at least one/],
  [{ widths: [3, 0.5] }, /widths must be whole numbers of at least 2/],
  [{ widths: [64, 4], loss: 'ce' as const }, /widths must be at least 6, got 4: .*draw such a network/],
  [{ widths: [5] }, /widths must be at least 6, got 5/],
  [{ dimension: 2 }, /dimension must be at least 3, got 2/],
  [{ classes: 1 }, /classes must be a whole number/],
  [{ classes: 2e7 }, /classes must be at most 1e7/],
  [{ logitVariance: 5 }, /logitVariance must lie in/],
])('refuses %j', (given, message) => {
  expect(() => deepRatios(network(given))).toThrow(message);
});
