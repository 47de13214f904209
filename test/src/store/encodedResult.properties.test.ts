import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeResult, encodeResult } from '../../../src/store/encodedResult.js';

const roundTrip = (value: unknown): unknown => {
  const { text, bytes } = encodeResult(value);
  return decodeResult(JSON.parse(text), bytes);
};

/** Arrays on both sides of the size up to which they stand in the text. */
const typedArrays = fc.oneof(
  fc.float64Array({ maxLength: 80 }),
  fc.float32Array({ maxLength: 80 }),
  fc.int32Array({ maxLength: 80 }),
  fc.uint8Array({ maxLength: 400 }),
  fc.bigInt64Array({ maxLength: 40 }),
);

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE, undefined, null, true, false),
    fc.string({ unit: 'binary' }),
    fc.bigInt(),
    typedArrays,
    fc.array(tie('tree')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$map', '$number', '$', '__proto__', '0')), tie('tree'), {
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(tie('tree'), tie('tree'))).map((pairs) => new Map(pairs)),
  ),
}));

describe('encodeResult, decodeResult (400 random trees)', () => {
  it('give back the same value: −0, NaN, undefined, typed arrays, maps and keys that look like tags', () => {
    fc.assert(
      fc.property(tree, (value) => isDeepStrictEqual(roundTrip(value), value)),
      { seed: 2, numRuns: 400 },
    );
  });

  it('keep every bit of a NaN in an array, and a view its own part of a buffer', () => {
    const bits = new BigUint64Array([0x7ff8000000000001n, 0xfff8dead0000beefn, 0x8000000000000000n]);
    const back = roundTrip(new Float64Array(bits.buffer)) as Float64Array;
    expect([...new BigUint64Array(back.buffer)]).toEqual([...bits]);
    const whole = Float64Array.from({ length: 100 }, (_, k) => k);
    expect(roundTrip(whole.subarray(10, 90))).toEqual(whole.slice(10, 90));
  });

  it('write the same JSON afterwards, in the same order of keys', () => {
    const value = { b: 1, a: [0.1, 1e-320], z: undefined, n: { y: 2, x: new Map([['k', -0]]) } };
    expect(JSON.stringify(roundTrip(value))).toBe(JSON.stringify(value));
  });

  it('refuse what could not be given back', () => {
    for (const value of [() => 0, Symbol('s'), new Date(0), new (class Law {})()])
      expect(() => encodeResult({ value })).toThrow(TypeError);
  });
});
