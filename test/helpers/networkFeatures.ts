import type { RandomStream } from '../../simulations/contracts.js';
import { randomStream } from '../../simulations/random/index.js';

/** x over its root mean square. */
export function normalised(x: Float64Array): Float64Array {
  const scale = Math.sqrt(x.length / x.reduce((sum, value) => sum + value * value, 0));
  return x.map((value) => scale * value);
}

export function normals(stream: RandomStream, count: number, deviation = 1): Float64Array {
  const out = new Float64Array(count);
  stream.fillNormals(out);
  return out.map((value) => deviation * value);
}

/** A matrix of so many rows times x. */
export function product(matrix: Float64Array, rows: number, x: Float64Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < x.length; k++) sum += matrix[i * x.length + k]! * x[k]!;
    return sum;
  });
}

/** A fading sum of tokens' embeddings through three residual blocks x + W₂ max(W₁ norm(x), 0) and a last norm, all as drawn. */
export function networkFeatures(seed: string, dimension: number): (input: RandomStream) => Float64Array {
  const stream = randomStream(seed, 'network', 0);
  const [tokens, positions] = [400, 8];
  const embedding = Array.from({ length: tokens }, () => normals(stream, dimension));
  const width = 4 * dimension;
  const layers = [0, 1, 2].map(() => ({
    up: normals(stream, width * dimension, Math.sqrt(2 / dimension)),
    down: normals(stream, dimension * width, Math.sqrt(1 / width)),
  }));
  return (input: RandomStream): Float64Array => {
    let x = new Float64Array(dimension);
    for (let position = 0; position < positions; position++) {
      const token = embedding[input.integer(tokens)]!;
      x = x.map((value, k) => value + 0.8 ** position * token[k]!);
    }
    for (const { up, down } of layers) {
      const hidden = product(up, width, normalised(x)).map((value) => Math.max(0, value));
      const change = product(down, dimension, hidden);
      x = x.map((value, k) => value + change[k]!);
    }
    return normalised(x);
  };
}
