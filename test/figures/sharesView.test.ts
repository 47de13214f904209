/** Shares of eigenvalues by size, for spectra that are a spike at zero on any other axis. */
import { describe, expect, test } from '@jest/globals';
import type { SpectrumPanel } from '../../figures/results.js';
import { crowdsAtZero, sharesView } from '../../figures/sweep/sharesView.js';

// Two zeros, eight eigenvalues of −1 … −8 thousandths, one of −1; a law whose CDF at −x is 1 − x/2 there.
const eigenvalues = [-1, ...[8, 7, 6, 5, 4, 3, 2, 1].map((k) => -k / 1000), -1e-17, 1e-17];
const panel = {
  eigenvalues,
  support: [[-1, 0]],
  lawX: [-0.5, -0.25],
  lawCdf: [0.75, 0.875],
} as unknown as SpectrumPanel;

describe('sharesView', () => {
  test('zeros count and are not drawn; sizes of a negative spectrum, with the mass of the law up to them', () => {
    const [drawn, law] = sharesView(panel).data;
    expect(drawn!['x']).toEqual([...[1, 2, 3, 4, 5, 6, 7, 8].map((k) => k / 1000), 1]);
    expect((drawn!['y'] as number[])[0]).toBe(3 / 11);
    expect((drawn!['y'] as number[]).at(-1)).toBe(1);
    expect([law!['x'], law!['y']]).toEqual([
      [0.5, 0.25],
      [0.25, 0.125],
    ]);
  });
  test('wanted for one sign and a median far below the largest, for no other', () => {
    expect(crowdsAtZero(panel)).toBe(true);
    expect(crowdsAtZero({ ...panel, support: [[-1, 1]] })).toBe(false);
    expect(crowdsAtZero({ ...panel, eigenvalues: [-4, -3, -2, -1] })).toBe(false);
    expect(crowdsAtZero({ ...panel, support: [] })).toBe(false);
  });
});
