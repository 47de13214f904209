import { expect, test } from '@jest/globals';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';
import { limitControls } from '../../../theory/ratios/limitControls.js';

/** With all units alike every pair of them gives the same: e^{mvhh′} (v + v²hh′)² for normal entries of variance v. */
test('units alike, normal readout: the closed form at each share of the variance', () => {
  const [width, variance, h, other] = [3, 0.4, 0.7, 1.2];
  const options = { width, activation: 'relu', hiddenFactor: 1, entry: readoutEntry('normal', variance) } as const;
  const alike = (value: number) => Array.from({ length: width }, () => ({ h: value, slope: 1, curvature: 0 }));
  const shares = [0.02, 0.3, 0.65, 1];
  const values = limitControls(options, 1).integrands(alike(h), alike(other));
  expect(values).toHaveLength(shares.length);
  shares.forEach((share, k) => {
    const v = share * variance;
    const expected = Math.exp(width * v * h * other) * (v + v * v * h * other) ** 2;
    expect(Math.abs(values[k]! / expected - 1)).toBeLessThan(1e-12);
  });
});
