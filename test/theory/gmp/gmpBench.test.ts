import { expect, test } from '@jest/globals';
import { benchLaws } from '../../bench/laws.js';

// Kept small, so that the benchmark cannot rot; the numbers worth reading come from `npm run bench`.
test('the law benchmark checks its answers and runs, without NumPy', () => {
  const rows = benchLaws({ points: 40, drawn: 200, repeats: 1, python: '' });
  expect(rows).toHaveLength(3);
  for (const row of rows) {
    expect(row.cdfMilliseconds).toBeGreaterThan(0);
    expect(row.error).toBeLessThan(1e-12);
    expect(row.numpyMilliseconds).toBeUndefined();
  }
});
