/**
 * A seedable stream of random numbers, named by (root seed, label, replicate index).
 *
 * Every stream is a xoshiro256++ generator seeded by hashing its name, so a replicate's numbers depend on nothing but
 * its name: not on the order of streams, the number of workers or the backend.
 */
import { UsageError } from '../../theory/errors.js';
import type { RandomStream } from '../contracts.js';
import { compiledGenerator } from './compiledGenerator.js';
import { streamSeed } from './streamSeed.js';
import { Xoshiro256 } from './xoshiro256.js';
import { nextNormal } from './ziggurat.js';

/** Shorter arrays are not worth the copy of the state into the compiled generator and back. */
const compiledFrom = 64;

/**
 * `seed` 1 and "1" name the same stream. `replicate` is an integer ≥ 0.
 *
 * @throws UsageError when `replicate` is not a whole number in range.
 */
export function randomStream(seed: string | number, label: string, replicate: number): RandomStream {
  if (!Number.isSafeInteger(replicate) || replicate < 0) {
    throw new UsageError(`replicate must be an integer of at least 0, got ${replicate}`);
  }
  return streamFromState(streamSeed(seed, label, replicate));
}

/** A stream that continues from the four words of `state`, which it then owns. They must not all be zero. */
export function streamFromState(state: BigUint64Array): RandomStream {
  const generator = new Xoshiro256(new Uint32Array(state.buffer, state.byteOffset, 8));
  const uniform = (): number => generator.next53() * 2 ** -53;
  const normal = (): number => nextNormal(generator);
  return {
    state,
    uniform,
    normal,
    integer(bound) {
      if (!Number.isSafeInteger(bound) || bound < 1)
        throw new UsageError(`bound must be an integer from 1 to 2^53 - 1, got ${bound}`);
      // The last, incomplete run of `bound` values is refused: every residue is then equally likely.
      const limit = 2 ** 53 - (2 ** 53 % bound);
      let value = generator.next53();
      while (value >= limit) value = generator.next53();
      return value % bound;
    },
    fillNormals(out) {
      const compiled = out.length < compiledFrom ? undefined : compiledGenerator();
      if (compiled) compiled.fillNormals(state, out);
      else for (let i = 0; i < out.length; i += 1) out[i] = normal();
    },
    fillUniforms(out) {
      const compiled = out.length < compiledFrom ? undefined : compiledGenerator();
      if (compiled) compiled.fillUniforms(state, out);
      else for (let i = 0; i < out.length; i += 1) out[i] = uniform();
    },
  };
}
