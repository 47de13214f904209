import type { Features } from './featurePairs.js';
import type { ReadoutEntry } from '../network/readoutEntry.js';

/** Sums over classes of both inputs' softmax probabilities p and q, for one way of drawing the classes. */
export interface ClassDraw {
  /** Σ p_i q_i p_j q_j over ordered pairs of distinct classes. */
  readonly pairs: number;
  /** Σ p_c q_c (1 − p_c)(1 − q_c). */
  readonly diagonal: number;
  /**
   * Density of the tilted way of drawing over that of the plain one, at this draw, averaged over which two classes are
   * tilted: they are exchangeable.
   */
  readonly likelihoodRatio: number;
}

/**
 * Two ways of drawing V given two inputs: its rows v_c as they are, and with two of them tilted by e^{v·(h + h′)},
 * where Σ p_i q_i p_j q_j has its mass. Both take the same coordinates, two normals to a class for normal V and m
 * uniforms to a class for uniform V. Needs at least three classes.
 */
export function classDraws(
  entry: ReadoutEntry,
  width: number,
  classes: number,
): (features: Features, coordinates: Float64Array) => readonly [ClassDraw, ClassDraw] {
  const plain: Logits = { first: new Float64Array(classes), second: new Float64Array(classes) };
  const tilted: Logits = { first: new Float64Array(tiltedClasses), second: new Float64Array(tiltedClasses) };
  const place = entry.distribution === 'normal' ? normalLogits : uniformLogits;
  return (features, coordinates) => {
    let cumulant = 0;
    for (let k = 0; k < width; k += 1) cumulant += entry.cumulant(features[0][k] + features[1][k]);
    place(entry, features, coordinates, plain, false);
    place(entry, features, coordinates, tilted, true);
    const rest = sumsOfRest(plain);
    return [withFirstClasses(plain, rest, classes, cumulant), withFirstClasses(tilted, rest, classes, cumulant)];
  };
}

const tiltedClasses = 2;

/** v_c·h and v_c·h′ of every class, or of the first ones. */
interface Logits {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

type Placement = (
  entry: ReadoutEntry,
  features: Features,
  coordinates: Float64Array,
  out: Logits,
  tilt: boolean,
) => void;

/**
 * Both logits of a class are normal with covariance variance·(h·h, h·h′; h′·h, h′·h′); the tilt moves their means by
 * its row sums.
 */
const normalLogits: Placement = ({ variance }, [h, other], coordinates, { first, second }, tilt) => {
  let gram00 = 0;
  let gram01 = 0;
  let gram11 = 0;
  for (let k = 0; k < h.length; k += 1) {
    gram00 += variance * h[k] * h[k];
    gram01 += variance * h[k] * other[k];
    gram11 += variance * other[k] * other[k];
  }
  const own = Math.sqrt(gram00);
  const shared = own > 0 ? gram01 / own : 0;
  const rest = Math.sqrt(Math.max(0, gram11 - shared * shared));
  const [moveFirst, moveSecond] = tilt ? [gram00 + gram01, gram01 + gram11] : [0, 0];
  for (let c = 0; c < first.length; c += 1) {
    const e = coordinates[2 * c];
    first[c] = own * e + moveFirst;
    second[c] = shared * e + rest * coordinates[2 * c + 1] + moveSecond;
  }
};

/**
 * Entries uniform on (−b, b), b = √(3·variance); under the tilt by inverting the distribution function of e^{θv}, θ = h
 * + h′.
 */
const uniformLogits: Placement = ({ variance }, [h, other], coordinates, { first, second }, tilt) => {
  const bound = Math.sqrt(3 * variance);
  const width = h.length;
  for (let c = 0; c < first.length; c += 1) {
    let z = 0;
    let y = 0;
    for (let k = 0; k < width; k += 1) {
      const u = coordinates[c * width + k];
      const theta = tilt ? h[k] + other[k] : 0;
      const v = theta === 0 ? bound * (2 * u - 1) : tiltedUniform(u, bound, theta);
      z += v * h[k];
      y += v * other[k];
    }
    first[c] = z;
    second[c] = y;
  }
};

function tiltedUniform(u: number, bound: number, theta: number): number {
  // Measured from the end that the tilt favours, so that nothing overflows and no digits cancel.
  const size = Math.abs(theta);
  const distance = -Math.log1p((1 - u) * Math.expm1(-2 * bound * size)) / size;
  return theta > 0 ? bound - distance : distance - bound;
}

/** Of the classes that no way tilts, with e = e^{z − top}, f the same at the second input and b = e·f. */
interface RestSums {
  readonly topE: number;
  readonly topF: number;
  readonly e: number;
  readonly f: number;
  readonly b: number;
  readonly be: number;
  readonly bf: number;
  readonly bb: number;
  /** Σ b_i b_j over ordered pairs of distinct classes, added up without a difference of squares. */
  readonly pairs: number;
}

function sumsOfRest({ first, second }: Logits): RestSums {
  let [topE, topF] = [-Infinity, -Infinity];
  for (let c = tiltedClasses; c < first.length; c += 1) {
    if (first[c] > topE) topE = first[c];
    if (second[c] > topF) topF = second[c];
  }
  let totalE = 0;
  let totalF = 0;
  let totalB = 0;
  let be = 0;
  let bf = 0;
  let bb = 0;
  let pairs = 0;
  const { exp } = Math;
  for (let c = tiltedClasses; c < first.length; c += 1) {
    const e = exp(first[c] - topE);
    const f = exp(second[c] - topF);
    const b = e * f;
    totalE += e;
    totalF += f;
    pairs += 2 * b * totalB;
    totalB += b;
    be += b * e;
    bf += b * f;
    bb += b * b;
  }
  return { topE, topF, e: totalE, f: totalF, b: totalB, be, bf, bb, pairs };
}

function withFirstClasses({ first, second }: Logits, rest: RestSums, classes: number, cumulant: number): ClassDraw {
  const topE = Math.max(rest.topE, first[0], first[1]);
  const topF = Math.max(rest.topF, second[0], second[1]);
  // From the tops of the rest to those of all classes.
  const [scaleE, scaleF] = [Math.exp(rest.topE - topE), Math.exp(rest.topF - topF)];
  const scaleB = scaleE * scaleF;
  const [e0, e1] = [Math.exp(first[0] - topE), Math.exp(first[1] - topE)];
  const [f0, f1] = [Math.exp(second[0] - topF), Math.exp(second[1] - topF)];
  const [b0, b1] = [e0 * f0, e1 * f1];
  const totalE = scaleE * rest.e + e0 + e1;
  const totalF = scaleF * rest.f + f0 + f1;
  const total = totalE * totalF;
  const pairs = scaleB * scaleB * rest.pairs + 2 * (b0 + b1) * scaleB * rest.b + 2 * b0 * b1;
  const own = b0 * (1 - e0 / totalE) * (1 - f0 / totalF) + b1 * (1 - e1 / totalE) * (1 - f1 / totalF);
  // Rounding may leave less than nothing where one class has all the mass.
  const others = Math.max(
    0,
    scaleB * (rest.b - (scaleE * rest.be) / totalE - (scaleF * rest.bf) / totalF + (scaleB * rest.bb) / total),
  );
  return {
    pairs: pairs / (total * total),
    diagonal: (own + others) / total,
    likelihoodRatio: Math.exp(Math.log(pairs / (classes * (classes - 1))) + 2 * (topE + topF - cumulant)),
  };
}
