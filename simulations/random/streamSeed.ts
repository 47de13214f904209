/**
 * From (seed, label, replicate) to the 256 bits of state of a generator.
 *
 * Each field is written as its length in bytes, a colon and its UTF-8 bytes, so that no two triples share an encoding
 * ("a" + "bc" against "ab" + "c"). Two FNV-1a hashes with different offsets give 128 bits, which makes a collision
 * among 10^9 streams less likely than 10^-20; SplitMix64 then spreads each half over two words, as the authors of
 * xoshiro advise.
 *
 * Source: G. Fowler, L. C. Noll, K.-P. Vo, "FNV hash"; S. Vigna, https://prng.di.unimi.it/splitmix64.c
 */
const mask = (1n << 64n) - 1n;
/** The published offset, and the same with its bits inverted for the second, independent hash; halves of 32 bits, high first. */
const fnvOffsets = [
  [0xcbf29ce4, 0x84222325],
  [0x340d631b, 0x7bdddcda],
] as const;
/** The published prime is 2^40 + this. */
const fnvPrimeLow = 0x1b3;

export function streamSeed(seed: string | number, label: string, replicate: number): BigUint64Array {
  const bytes = encode([String(seed), label, String(replicate)]);
  const state = new BigUint64Array(4);
  fnvOffsets.forEach((offset, half) => {
    const next = splitMix64(fnv1a(bytes, offset));
    state[2 * half] = next();
    state[2 * half + 1] = next();
  });
  return state;
}

/** The SplitMix64 sequence that starts at `seed`. */
export function splitMix64(seed: bigint): () => bigint {
  let counter = seed & mask;
  return () => {
    counter = (counter + 0x9e3779b97f4a7c15n) & mask;
    let z = counter;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return z ^ (z >> 31n);
  };
}

/** In halves of 32 bits, as `Xoshiro256`: a check asks for the seeds of tens of thousands of streams. */
function fnv1a(bytes: Uint8Array, [offsetHigh, offsetLow]: readonly [number, number]): bigint {
  let [high, low] = [offsetHigh, offsetLow];
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0;
    const product = low * fnvPrimeLow;
    high = (high * fnvPrimeLow + Math.floor(product / 2 ** 32) + low * 2 ** 8) >>> 0;
    low = product >>> 0;
  }
  return (BigInt(high) << 32n) | BigInt(low);
}

function encode(fields: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  return encoder.encode(fields.map((field) => `${encoder.encode(field).length}:${field}`).join(''));
}
