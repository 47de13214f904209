import { expect, test } from '@jest/globals';
import { randomStream } from '../../../simulations/random/index.js';
import { lawOfState, lawOfWeights, softmaxWeightsOf, viewOf } from '../../../src/explore/browser/lawOfState.js';
import { initialState, type ExplorerState } from '../../../src/explore/browser/state.js';
import { lawCommand } from '../../../src/pipeline/law/lawCommand.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { softmaxWeights } from '../../../theory/weights/index.js';

/** 200 models and blocks that command and explorer both have; two in five with softmax weights, from 12 weight laws. */
function states(): ExplorerState[] {
  const stream = randomStream('one law', 'states', 0);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(stream.uniform() * values.length)]!;
  return Array.from({ length: 200 }, (_, k): ExplorerState => {
    const loss = k % 5 < 2 ? 'ce' : 'mse';
    return {
      ...initialState,
      loss,
      family: loss === 'ce' ? pick(['linear', 'linear', 'hidden'] as const) : pick(['linear', 'hidden'] as const),
      block: pick(['diagonal', 'off-diagonal'] as const),
      aspectRatio: Math.exp(Math.log(0.02) + stream.uniform() * Math.log(1000)),
      classes: loss === 'ce' ? pick([2, 10, Infinity]) : 10,
      logitVariance: pick([0.4, 1]),
      width: pick([4, 8, 16]),
    };
  }).map((state) => (state.family === 'hidden' ? { ...state, classes: Infinity } : state));
}

test('law command, library and explorer have one law: supports, densities and moments of 200 models and blocks', async () => {
  let [laws, smooth] = [0, 0];
  for (const state of states()) {
    const { family, loss, block, aspectRatio, classes, logitVariance, width } = state;
    const isSoftmax = family === 'linear' && loss === 'ce';
    const found = isSoftmax ? lawOfWeights(softmaxWeightsOf(state), aspectRatio) : lawOfState(state);
    const view = viewOf(found);
    const at =
      view === undefined ? [] : [0.2, 0.5, 0.9].map((share) => view.x[Math.floor(share * view.x.length)] ?? 0.1);
    const report = await lawCommand({
      model: family === 'linear' ? 'linear' : 'hidden',
      loss,
      block,
      aspectRatio: String(aspectRatio),
      moments: '3',
      ...(loss === 'ce' ? { classes: classes === Infinity ? 'inf' : String(classes) } : {}),
      ...(family === 'hidden' ? { width: String(width) } : {}),
      ...(loss === 'ce' ? { logitVariance: String(logitVariance) } : {}),
      ...(isSoftmax ? { scaling: 'rate' } : {}),
      ...(at.length === 0 ? {} : { at: at.join(',') }),
    });
    if (view === undefined) {
      expect(report.support).toEqual([]);
      expect(report.note).toBe(found.note);
      continue;
    }
    laws++;
    expect(view.support.length).toBe(report.support.length);
    view.support.forEach(([lower, upper], k) => {
      const [from, to] = report.support[k]!;
      expect(Math.max(Math.abs(lower - from), Math.abs(upper - to))).toBeLessThan(1e-9 * (to - from));
    });
    const library = isSoftmax
      ? generalisedMarchenkoPastur(softmaxWeights({ classes, logitVariance, block, scaling: 'rate' }), aspectRatio)
      : undefined;
    if (library !== undefined) smooth++;
    report.points.forEach(({ x, density, cdf }) => {
      for (const law of [found.law!, ...(library === undefined ? [] : [library])]) {
        expect(Math.abs(law.density(x) - density)).toBeLessThanOrEqual(1e-9 * Math.max(1, density));
        expect(Math.abs(law.cdf(x) - cdf)).toBeLessThanOrEqual(1e-9);
      }
    });
    report.moments.forEach((moment, k) =>
      expect(Math.abs(view.moments[k]! - moment)).toBeLessThanOrEqual(1e-9 * Math.abs(moment)),
    );
    if (isSoftmax) expect(view.support).toHaveLength(1);
  }
  expect(laws).toBeGreaterThan(150);
  expect(smooth).toBeGreaterThan(40);
});
