import type { Complex, Interval, SpectralLaw } from '../contracts.js';
import { NumericalError, UsageError } from '../errors.js';
import { atomsLaw, type GmpLaw } from './atomsLaw.js';
import type { ContourMeasure } from './contourMeasure.js';
import { weightSums } from './freeCumulants.js';
import { liveWeights } from './liveWeights.js';
import { checked, sidesLaw } from './sidesLaw.js';
import { smoothMap } from './smoothMap.js';
import { SmoothSides } from './smoothSides.js';

/** A spectral law of smooth weights, with the law of their real quadrature beside it. */
export interface SmoothLaw extends SpectralLaw {
  /**
   * The law of the weights' real quadrature: the same moments, and off the support the same transform, which is what
   * the outlier equations ask for. On the support it is not the law: each node in a thin part opens a gap.
   */
  readonly outline: GmpLaw;
}

export interface ContinuousLaw extends SmoothLaw {
  /** m(x + i0) at a real x that is not 0; real outside the support. */
  boundaryTransform(x: number): Complex;
}

/**
 * The generalised Marčenko–Pastur law of weights with an analytic density, given on a path below the real axis: the
 * same equation as that of atoms, z = p (γ + E[a/(p − a)]) with p = −1/(γ m), but without the spurious gaps that real
 * nodes open wherever the density of the weights is thin. Where the weights have both signs and the support contains 0,
 * the curve p(x) is followed from either side, because at aspect ratios from the live mass upwards it touches 0.
 * Reflect with `scaledLaw(law, −1)` for negative weights.
 *
 * Density and distribution function are good to about 1e-10 absolute (in units of the bulk), 1e-12 typically (weights
 * of tanh and GELU, both blocks, γ from 0.01 to 100: 1e-12), not relative: where the tail of the law is thinner than that its digits are noise. Positive weights that differ by less
 * than about 1 % of their size lose more, because the path magnifies the rounding of their grid (1e-9 at 0.1 %): where
 * `narrowWeights` holds, real nodes serve them better. The support is one interval; an end where the law only fades is
 * cut where the mass beyond it is 1e-11, which `diagnostics.notes` says. At 0 the density is Infinity where it grows like
 * a power of |x|; where it grows like a logarithm, a large number stands for it.
 *
 * @param weights see `shiftedRule` and `descentRule`
 * @param aspectRatio γ = d/N > 0
 * @throws UsageError on an aspect ratio that is not positive and finite
 * @throws NumericalError naming the point where the equation could not be solved
 */
export function continuousMarchenkoPastur(weights: ContourMeasure, aspectRatio: number): ContinuousLaw {
  if (!(aspectRatio > 0 && Number.isFinite(aspectRatio))) {
    throw new UsageError(`aspectRatio must be a positive finite number (dimension / samples), got ${aspectRatio}`);
  }
  const { liveMass = 1 } = weights;
  const atom = Math.max(0, 1 - liveMass / aspectRatio);
  const sides = new SmoothSides(weights, aspectRatio, atom, (transform) => smoothMap(transform, aspectRatio));
  let realLaw: GmpLaw | undefined;
  const outline = (): GmpLaw => (realLaw ??= atomsLaw(weights.real, aspectRatio));
  const law = sidesLaw(sides, {
    aspectRatio,
    nodes: weights.nodesRe.length,
    moment: weightSums(liveWeights(weights.real), aspectRatio).moment,
    stieltjes: (z) => (z.im === 0 ? outline().stieltjes(z) : transformOffAxis(sides, outline(), z)),
  });
  const boundaryTransform = (x: number): Complex =>
    sides.boundary(checked(x)) ?? offSupport(outline(), sides.ends(), x);
  return Object.assign(withOutline(law, outline), { boundaryTransform });
}

/** Adds the law of the real nodes, made when first asked for. */
export function withOutline(law: SpectralLaw, outline: () => GmpLaw): SmoothLaw {
  return Object.defineProperty(law, 'outline', { get: outline, enumerable: true }) as SmoothLaw;
}

/** m(z), z off the axis: the law of the real nodes is within its discretisation of the root, and Newton removes that. */
function transformOffAxis({ positive, negative }: SmoothSides, outline: GmpLaw, { re, im }: Complex): Complex {
  const { aspectRatio } = outline;
  const height = Math.abs(im);
  const m = outline.stieltjes({ re, im: height });
  const size = aspectRatio * (m.re * m.re + m.im * m.im);
  const p =
    positive !== undefined
      ? positive.preimage({ re, im: height }, { re: -m.re / size, im: m.im / size })
      : reflected(negative!.preimage({ re: -re, im: height }, { re: m.re / size, im: m.im / size }));
  if (p === undefined) throw new NumericalError(`the Stieltjes transform could not be computed at z = ${re} + ${im}i`);
  const modulus = aspectRatio * (p.re * p.re + p.im * p.im);
  return { re: -p.re / modulus, im: (Math.sign(im) * p.im) / modulus };
}

/** The transform of the real nodes, whose support the law's own may not quite contain. */
function offSupport(outline: GmpLaw, [bottom, top]: Interval, x: number): Complex {
  const { re, im } = outline.boundaryStieltjes(x);
  return x <= bottom || x >= top ? { re, im: 0 } : { re, im };
}

function reflected(p: Complex | undefined): Complex | undefined {
  return p && { re: -p.re, im: p.im };
}
