/**
 * e^x of the kernels against Math.exp, which is right to a unit in the last place (V8 has fdlibm's). The kernels' own error is
 * half a unit for each of the two last additions, so that they are apart by at most two units, 2⁻⁵² each.
 */
import { enableRelaxedSimd } from '../../../simulations/linalg/wasm/enableRelaxedSimd.js';
import { keptInstance } from '../../../simulations/linalg/wasm/keptInstance.js';
import { kernelModule } from '../../../simulations/linalg/wasm/kernelModule.js';
import { expect, test } from '@jest/globals';

await enableRelaxedSimd();

const count = 40_000;

test.each([[true], [false]])('exponentials to two units in the last place, fused: %p', (fused) => {
  const { kernels, at, view } = keptInstance(kernelModule({ fused }).module)((layout) => ({
    x: layout.numbers(count),
    shift: layout.numbers(count),
    out: layout.numbers(count),
  }));
  const [x, shift, out] = [view(at.x), view(at.shift), view(at.out)];
  // Half of the arguments between −1 and 0, where probabilities that matter are; the others down to the smallest normal number.
  for (let n = 0; n < count; n++) x[n] = n % 2 === 0 ? -n / count : (-707.5 * n) / count;
  shift.fill(0);
  kernels.exponentials(count, at.x.address, at.shift.address, at.out.address);
  let worst = 0;
  for (let n = 0; n < count; n++) worst = Math.max(worst, Math.abs(out[n]! / Math.exp(x[n]!) - 1));
  expect(worst).toBeLessThan(2 ** -51);
  // Arguments a few units in the last place of 1 away give other values.
  shift.fill(2 ** -50);
  kernels.exponentials(count, at.x.address, at.shift.address, at.out.address);
  worst = 0;
  for (let n = 0; n < count; n++) worst = Math.max(worst, Math.abs(out[n]! / Math.exp(x[n]!) - 1));
  expect(worst).toBeGreaterThan(2 ** -51);
  x.fill(-Infinity, 0, 2);
  x.fill(-709, 2, 4);
  shift.fill(0);
  kernels.exponentials(4, at.x.address, at.shift.address, at.out.address);
  expect([...out.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
});
