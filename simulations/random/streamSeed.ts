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
const fnvPrime = 0x100000001b3n;
/** The published offset, and the same with its bits inverted for the second, independent hash. */
const fnvOffsets = [0xcbf29ce484222325n, 0x340d631b7bdddcdan] as const;

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

function fnv1a(bytes: Uint8Array, offset: bigint): bigint {
  let hash = offset;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * fnvPrime) & mask;
  return hash;
}

function encode(fields: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts = fields.map((field) => {
    const body = encoder.encode(field);
    return [...encoder.encode(`${body.length}:`), ...body];
  });
  return Uint8Array.from(parts.flat());
}
