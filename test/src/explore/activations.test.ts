/** What the explorer's page and its worker say of every activation, without a browser. */
import { describe, expect, test } from '@jest/globals';
import { mean, sampleVariance } from 'simple-statistics';
import { lawOfState, needsReadout, routeOf, unitOf } from '../../../src/explore/browser/lawOfState.js';
import {
  blockFamilies,
  hasSetting,
  hashOfState,
  initialState,
  stateOfHash,
  type BlockFamily,
  type ExplorerState,
} from '../../../src/explore/browser/state.js';
import { drawEigenvalues, drawReadout } from '../../../src/explore/browser/workerDraw.js';
import { lawViewOf, outliersOfState } from '../../../src/explore/browser/workerLaw.js';
import { blockLaw } from '../../../theory/models/index.js';
import { activationNames, blockKinds, losses, paperActivation, type ActivationName } from '../../../theory/names.js';

const hidden: ExplorerState = { ...initialState, family: 'hidden', loss: 'mse', aspectRatio: 0.25, width: 6 };
const readoutOf = (state: ExplorerState): Float64Array | undefined =>
  needsReadout(state) ? drawReadout(state) : undefined;

describe('activation of a state', () => {
  test('stands in its address, and an unknown one becomes the paper’s', () => {
    for (const activation of activationNames)
      expect(stateOfHash(hashOfState({ ...hidden, activation }))).toEqual({ ...hidden, activation });
    expect(hashOfState({ ...hidden, activation: 'tanh' })).toContain('activation=tanh');
    expect(stateOfHash('activation=swish').activation).toBe(paperActivation);
    expect(stateOfHash('activation=toString').activation).toBe(paperActivation);
  });

  test.each([
    ['softplus', 'off-diagonal', 10],
    ['tanh', 'off-diagonal', 10],
    ['softplus', 'diagonal', Infinity],
    ['tanh', 'diagonal', Infinity],
  ] as const)(
    '%s, squared error, %s, C = %p: moments and support are those of blockLaw',
    (activation, block, classes) => {
      const state = { ...hidden, activation, block, classes };
      const { model, layer } = blockFamilies.hidden;
      const { law } = blockLaw({
        model,
        layer,
        loss: 'mse',
        block,
        activation,
        classes,
        width: 6,
        aspectRatio: 0.25,
        logitVariance: 1,
      });
      const { view } = lawViewOf(state, readoutOf(state));
      expect(needsReadout(state)).toBe(false);
      for (const k of [1, 2, 3, 4]) expect(Math.abs(view!.moments[k - 1]! / law!.moment(k) - 1)).toBeLessThan(1e-9);
      expect(view!.support).toEqual(law!.support);
      // Another activation has another law.
      expect(
        Math.abs(view!.moments[1]! / lawOfState({ ...state, activation: 'gelu' }).law!.moment(2) - 1),
      ).toBeGreaterThan(1e-2);
    },
  );

  test.each(['softplus', 'tanh'] as const)(
    '%s, squared error on the diagonal at finite C: the law given V of the seed',
    (activation) => {
      const state = { ...hidden, activation };
      const readout = drawReadout(state);
      const { model, layer } = blockFamilies.hidden;
      const setting = { model, layer, loss: 'mse', block: 'diagonal', activation, classes: 10, width: 6 } as const;
      const { law } = blockLaw({ ...setting, aspectRatio: 0.25, logitVariance: 1, readout });
      const { view, note } = lawViewOf(state, readout);
      for (const k of [1, 2]) expect(Math.abs(view!.moments[k - 1]! / law!.moment(k) - 1)).toBeLessThan(1e-9);
      expect(note).toMatch(/Given the drawn V \(seed 1\)/);
      expect(unitOf(state)).toBe('');
      const other = { ...state, seed: '2' };
      expect(Math.abs(lawViewOf(other, drawReadout(other)).view!.moments[0]! / law!.moment(1) - 1)).toBeGreaterThan(
        0.02,
      );
    },
  );

  test('is asked of the models that have one alone', () => {
    for (const loss of losses) {
      const state = { ...initialState, loss };
      expect(routeOf({ ...state, activation: 'tanh' })).toBe(routeOf(state));
    }
  });

  test.each(Object.keys(blockFamilies) as BlockFamily[])(
    '%s: every choice has a law or a sentence why not, and outliers or a sentence',
    (family) => {
      const hasOne = hasSetting({ ...initialState, family }, 'activation');
      for (const activation of hasOne ? activationNames : [paperActivation])
        for (const loss of losses)
          for (const block of blockKinds)
            for (const classes of [5, Infinity]) {
              const state = { ...initialState, family, activation, loss, block, classes, width: 3 };
              const { view, note } = lawViewOf(state, readoutOf(state));
              expect(view !== undefined || note.length > 20).toBe(true);
              if (hasOne && activation !== 'gelu') continue;
              const { outliers, note: about } = outliersOfState(state, readoutOf(state));
              expect(outliers.every(({ at }) => Number.isFinite(at))).toBe(true);
              expect(about).not.toMatch(/undefined|NaN/);
            }
    },
    60000,
  );

  // Twelve draws with fixed seeds: (tr H/d − mean of the law given V)/|v_0|² against its own standard error, false alarm
  // 4e-4 each (t with 11 degrees of freedom beyond 5). The law of another activation is
  // refused.
  test.each([
    ['tanh', 'mse', 'relu'],
    ['gelu', 'mse', 'tanh'],
    ['softplus', 'ce', 'tanh'],
  ] as const)('%s, %s: drawn spectra have the mean of their law, not of that of %s', (activation, loss, other) => {
    const statistic = (claimed: ActivationName): number => {
      const gaps = Array.from({ length: 12 }, (_, k) => {
        const state = { ...hidden, activation, loss, dimension: 100, seed: `mean ${k}` };
        const readout = drawReadout(state);
        const eigenvalues = drawEigenvalues(state);
        const size = readout.reduce((sum, value, at) => (at % state.width === 0 ? sum + value ** 2 : sum), 0);
        const { law } = lawOfState({ ...state, activation: claimed }, { readout, points: 2048 });
        return (mean(Array.from(eigenvalues)) - law!.moment(1)) / size;
      });
      return mean(gaps) / Math.sqrt(sampleVariance(gaps) / gaps.length);
    };
    expect(Math.abs(statistic(activation))).toBeLessThan(5);
    expect(Math.abs(statistic(other))).toBeGreaterThan(6);
  });
});
