import { expect, test } from '@jest/globals';
import { largestMagnitude } from '../../../simulations/linalg/scaling.js';
import { keptInstance } from '../../../simulations/linalg/wasm/keptInstance.js';
import { kernelModule } from '../../../simulations/linalg/wasm/kernelModule.js';

const place = keptInstance(kernelModule({ fused: false }).module);
function byKernel(numbers: Float64Array): number {
  const { kernels, at, view } = place((layout) => layout.numbers(numbers.length + 2));
  view(at).fill(1e9).set(numbers);
  return kernels.largestMagnitude(at.address, numbers.length);
}

test('the largest magnitude is found wherever it stands, of either sign', () => {
  expect([largestMagnitude(new Float64Array(0)), byKernel(new Float64Array(0))]).toEqual([0, 0]);
  for (let length = 1; length < 14; length += 1) {
    for (let place = 0; place < length; place += 1) {
      const numbers = Float64Array.from({ length }, (_, i) => (i === place ? -3 : 2 - i / length));
      expect([largestMagnitude(numbers), byKernel(numbers)]).toEqual([3, 3]);
      numbers[place] = Infinity;
      expect([largestMagnitude(numbers), byKernel(numbers)]).toEqual([Infinity, Infinity]);
      // The kernel hands on what is not a number; a caller of the other has looked for it.
      numbers[place] = NaN;
      expect(byKernel(numbers)).toBeNaN();
      expect(largestMagnitude(numbers)).toBe(Math.max(0, ...numbers.filter((x) => x === x)));
    }
  }
});
