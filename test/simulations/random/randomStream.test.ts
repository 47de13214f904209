import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { compiledGenerator } from '../../../simulations/random/compiledGenerator.js';
import { decayingExponential, logarithm } from '../../../simulations/random/elementary.js';
import { randomStream, streamFromState } from '../../../simulations/random/randomStream.js';
import { splitMix64, streamSeed } from '../../../simulations/random/streamSeed.js';
import { Xoshiro256 } from '../../../simulations/random/xoshiro256.js';
import { startOfTail, zigguratTables } from '../../../simulations/random/zigguratTables.js';
import { UsageError } from '../../../theory/errors.js';

interface Fixture {
  xoshiro: { start: string[]; first: string[]; after2000: string[]; last: string };
  splitmix: { seed: string; outputs: string[] };
  streams: { name: [string, string, string]; state: string[] }[];
  ziggurat: { tailStart: string; layerArea: string };
}
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/xoshiro/generator.json', import.meta.url), 'utf8'),
) as Fixture;

const words = (values: readonly (string | bigint)[]): BigUint64Array => BigUint64Array.from(values, BigInt);
const output = (generator: Xoshiro256): string => {
  generator.next();
  return ((BigInt(generator.high) << 32n) | BigInt(generator.low)).toString();
};

describe('Xoshiro256', () => {
  test('gives the outputs published for the state (1, 2, 3, 4)', () => {
    // From xoshiro256plusplus.c of the authors, as quoted in the tests of the Rust crate rand_xoshiro.
    const published = [
      '41943041',
      '58720359',
      '3588806011781223',
      '3591011842654386',
      '9228616714210784205',
      '9973669472204895162',
      '14011001112246962877',
      '12406186145184390807',
      '15849039046786891736',
      '10450023813501588000',
    ];
    const generator = new Xoshiro256(new Uint32Array(words([1n, 2n, 3n, 4n]).buffer));
    expect(published.map(() => output(generator))).toEqual(published);
  });

  test('follows the plain-integer statement of the algorithm for 2000 steps, state included', () => {
    const state = words(fixture.xoshiro.start);
    const generator = new Xoshiro256(new Uint32Array(state.buffer));
    const outputs = Array.from({ length: 2000 }, () => output(generator));
    expect(outputs.slice(0, 20)).toEqual(fixture.xoshiro.first);
    expect(outputs.at(-1)).toBe(fixture.xoshiro.last);
    expect(Array.from(state, String)).toEqual(fixture.xoshiro.after2000);
  });
});

describe('streamSeed', () => {
  test('splitMix64 gives the published outputs of seed 1234567', () => {
    const next = splitMix64(BigInt(fixture.splitmix.seed));
    expect(fixture.splitmix.outputs.map(() => next().toString())).toEqual(fixture.splitmix.outputs);
  });

  test('hashes names, UTF-8 included, as stated in the fixture script', () => {
    for (const { name, state } of fixture.streams) {
      expect(Array.from(streamSeed(name[0], name[1], Number(name[2])), String)).toEqual(state);
    }
  });

  test('tells apart triples whose texts run together', () => {
    const states = [
      streamSeed('a', 'bc', 1),
      streamSeed('ab', 'c', 1),
      streamSeed('a', 'bc1', 1),
      streamSeed('a', 'bc', 11),
    ];
    expect(new Set(states.map(String)).size).toBe(4);
  });
});

describe('ziggurat', () => {
  test('tables close: layer areas are equal and the last edge is 0', () => {
    expect(startOfTail).toBe(Number(fixture.ziggurat.tailStart));
    const { widths, heights } = zigguratTables();
    const area = Number(fixture.ziggurat.layerArea);
    for (let i = 1; i < 256; i += 1) {
      const rectangle = widths[i]! * 2 ** 53 * (heights[i + 1]! - heights[i]!);
      // The last layer takes up the rounding of all others: 256 sums of numbers near 1.
      expect(Math.abs(rectangle / area - 1)).toBeLessThan(i === 255 ? 1e-11 : 1e-13);
    }
    expect(heights[256]).toBe(1);
    expect(widths[256]).toBe(0);
  });

  test('logarithm and exponential agree with the engine to a few units in the last place', () => {
    let worst = 0;
    for (let i = 1; i < 4000; i += 1) {
      const x = (i / 4000) ** 3;
      worst = Math.max(
        worst,
        Math.abs(logarithm(x) / Math.log(x) - 1),
        Math.abs(decayingExponential(i / 400) / Math.exp(-i / 400) - 1),
      );
    }
    // Three units in the last place, one of them the engine's.
    expect(worst).toBeLessThan(6e-16);
    expect(logarithm(1)).toBe(0);
    expect(Math.abs(logarithm(2 ** -53) / (-53 * Math.LN2) - 1)).toBeLessThan(4e-16);
  });
});

describe('randomStream', () => {
  test('the compiled generator exists here and gives the same bits as the plain one', () => {
    expect(compiledGenerator()).toBeDefined();
    const count = 300_000;
    const plain = randomStream(7, 'bits', 0);
    const compiled = randomStream(7, 'bits', 0);
    const draws = new Float64Array(count);
    compiled.fillNormals(draws);
    let different = 0;
    let tail = 0;
    for (let i = 0; i < count; i += 1) {
      if (!Object.is(plain.normal(), draws[i])) different += 1;
      if (Math.abs(draws[i]!) > startOfTail) tail += 1;
    }
    expect(different).toBe(0);
    // The rare path was taken too.
    expect(tail).toBeGreaterThan(20);
    expect(compiled.state).toEqual(plain.state);
    const uniforms = new Float64Array(1000);
    compiled.fillUniforms(uniforms);
    expect(Array.from(uniforms)).toEqual(Array.from({ length: 1000 }, () => plain.uniform()));
  });

  test('fillNormals continues where it stopped, whatever the pieces', () => {
    const whole = new Float64Array(20_000);
    randomStream('s', 'pieces', 3).fillNormals(whole);
    const pieces = new Float64Array(20_000);
    const stream = randomStream('s', 'pieces', 3);
    let start = 0;
    for (const length of [1, 63, 64, 65, 4095, 4096, 4097, 7, 7512]) {
      stream.fillNormals(pieces.subarray(start, start + length));
      start += length;
    }
    expect(start).toBe(20_000);
    expect(pieces).toEqual(whole);
  });

  test('the name alone decides: order does not matter, and any change of the name changes the numbers', () => {
    const first = (seed: string | number, label: string, replicate: number): number =>
      randomStream(seed, label, replicate).normal();
    const b = first(1, 'x', 1);
    const a = first(1, 'x', 0);
    expect([first(1, 'x', 0), first('1', 'x', 1)]).toEqual([a, b]);
    expect(new Set([a, b, first(2, 'x', 0), first(1, 'y', 0)]).size).toBe(4);
  });

  test('streamFromState continues the state it is given and writes it back', () => {
    const stream = randomStream(5, 'state', 0);
    const twin = streamFromState(stream.state.slice());
    expect(Array.from({ length: 5 }, () => twin.uniform())).toEqual(Array.from({ length: 5 }, () => stream.uniform()));
    expect(twin.state).toEqual(stream.state);
  });

  test('uniform is in [0, 1) on the grid of 2^-53', () => {
    const stream = randomStream(5, 'grid', 0);
    for (let i = 0; i < 1000; i += 1) {
      const u = stream.uniform();
      expect(u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53)).toBe(true);
    }
  });

  test('integer stays below its bound and reaches every value', () => {
    const stream = randomStream(5, 'integer', 0);
    const seen = new Set(Array.from({ length: 300 }, () => stream.integer(6)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(stream.integer(1)).toBe(0);
    expect(stream.integer(Number.MAX_SAFE_INTEGER)).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });

  test('refuses a replicate or bound that is not a whole number in range', () => {
    expect(() => randomStream(1, 'x', -1)).toThrow(UsageError);
    expect(() => randomStream(1, 'x', 0.5)).toThrow('replicate must be an integer of at least 0, got 0.5');
    expect(() => randomStream(1, 'x', 0).integer(0)).toThrow('bound must be an integer from 1 to 2^53 - 1, got 0');
  });
});
