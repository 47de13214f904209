/** Numbers made at a time, even: the generator's state is then in local variables, which is twice as fast. */
const uniformsAtOnce = 256;
const normalsAtOnce = 64;

/**
 * A fixed sequence of numbers that behave like independent uniforms on (0, 1): shifts of lattices, and integration
 * points in dimensions too high for a lattice. The same seed gives the same numbers everywhere, so the theory stays a
 * function of its arguments. Generator: sfc32 (Doty-Humphrey, PractRand), 32-bit state words, 53 bits from two outputs.
 */
export function fixedUniforms(seed: number): () => number {
  return oneByOne(fixedUniformFill(seed), uniformsAtOnce);
}

/** Standard normals from the fixed sequence, by Marsaglia's polar method. */
export function fixedNormals(seed: number): () => number {
  return oneByOne(fixedNormalFill(seed), normalsAtOnce);
}

function oneByOne(fill: (out: Float64Array) => void, atOnce: number): () => number {
  const values = new Float64Array(atOnce);
  let at = atOnce;
  return () => {
    if (at === atOnce) {
      fill(values);
      at = 0;
    }
    return values[at++];
  };
}

/** The uniforms of the sequence, as many at a time as the array takes. */
function fixedUniformFill(seed: number): (out: Float64Array) => void {
  const words = new Int32Array(2 * uniformsAtOnce);
  const state = Int32Array.of(0x9e3779b9 ^ seed, 0x243f6a88, 0xb7e15162 ^ Math.imul(seed, 0x85ebca6b), 1);
  advance(state, new Int32Array(16));
  return (out) => {
    const own = out.length === uniformsAtOnce ? words : new Int32Array(2 * out.length);
    advance(state, own);
    for (let k = 0; k < out.length; k += 1) {
      out[k] = ((own[2 * k] >>> 5) * 67108864 + (own[2 * k + 1] >>> 6) + 0.5) / 9007199254740992;
    }
  };
}

/** As many outputs of the generator as the array takes. */
function advance(state: Int32Array, out: Int32Array): void {
  let [a, b, c, counter] = [state[0], state[1], state[2], state[3]];
  for (let k = 0; k < out.length; k += 1) {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    out[k] = sum;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = counter;
}

/** The normals of `fixedNormals`, as many at a time as the array takes. */
export function fixedNormalFill(seed: number): (out: Float64Array) => void {
  const fillUniforms = fixedUniformFill(seed);
  const uniforms = new Float64Array(uniformsAtOnce);
  let next = uniformsAtOnce;
  /** The second of the last pair, where the array ended between them. */
  const spare = Float64Array.of(Number.NaN);
  return (out) => {
    let filled = 0;
    if (out.length > 0 && !Number.isNaN(spare[0])) {
      out[filled++] = spare[0];
      spare[0] = Number.NaN;
    }
    let at = next;
    while (filled < out.length) {
      if (at === uniformsAtOnce) {
        fillUniforms(uniforms);
        at = 0;
      }
      const x = 2 * uniforms[at] - 1;
      const y = 2 * uniforms[at + 1] - 1;
      at += 2;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      out[filled++] = x * factor;
      if (filled < out.length) out[filled++] = y * factor;
      else spare[0] = y * factor;
    }
    next = at;
  };
}
