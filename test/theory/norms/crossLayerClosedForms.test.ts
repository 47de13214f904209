import { expect, test } from '@jest/globals';
import { crossLayerNorms } from '../../../theory/norms/crossLayer.js';
import { gaussLegendre } from '../../../theory/numerics/gaussLegendre.js';

/**
 * Two ReLU units under a normal output layer with entries of variance t. To leading order in 1/C the probabilities are
 * e^{v·h}/(C E e^{v·h}) and E_p v = t h, and normal integrals over v leave, for one input and for two,
 *
 *   C² E_V[p² (v_i − t h_i)²] = (t + t² h_i²) e^{t |h|²},   C² E_V[p p′ (v_i − t h_i)(v_i − t h_i′)] = (t + t² h_i h_i′) e^{t h·h′}.
 *
 * What is left is an integral over two or four pre-activations, here on a grid.
 */
test('cross-entropy at width 2: all four norms against quadrature over the pre-activations', () => {
  const [width, classes, aspectRatio, entryVariance] = [2, 10, 0.3, 0.2];
  const half = gaussLegendre(22, 0, 9);
  const nodes = Array.from(half.nodes).flatMap((z, k) => {
    const mass = (half.masses[k]! * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI);
    return [
      { z, h: z, mass },
      { z: -z, h: 0, mass },
    ];
  });
  const open = nodes.filter(({ h }) => h > 0);
  const t = entryVariance;
  const sampling = { gate: 0, own: 0, other: 0, product: 0 };
  const mean = { gate: 0, own: 0, other: 0, product: 0 };
  for (const a of open) {
    for (const b of nodes) {
      const tilted = a.mass * b.mass * Math.exp(t * (a.h ** 2 + b.h ** 2));
      sampling.gate += tilted;
      sampling.own += tilted * (t + t ** 2 * a.h ** 2) * a.h ** 2;
      sampling.other += tilted * (t + t ** 2 * a.h ** 2) * b.h ** 2;
      sampling.product += tilted * t * a.h ** 2;
      for (const c of open) {
        for (const d of nodes) {
          const inner = a.mass * b.mass * c.mass * d.mass * (a.z * c.z + b.z * d.z);
          const joint = inner * Math.exp(t * (a.h * c.h + b.h * d.h));
          mean.gate += joint - inner;
          mean.own += joint * (t + t ** 2 * a.h * c.h) * a.h * c.h;
          mean.other += joint * (t + t ** 2 * a.h * c.h) * b.h * d.h;
          mean.product += joint * t * a.h * c.h;
        }
      }
    }
  }
  const scaled = (part: 'own' | 'other' | 'product'): number =>
    (aspectRatio * sampling[part] + mean[part]) / classes ** 2;
  // E (p − y)² has 1/C from the label, −2 E p/C and the square of p.
  const residual = aspectRatio / (2 * classes) + (aspectRatio * (sampling.gate - 1) + mean.gate) / classes ** 2;
  const expected = {
    residual,
    curvature: scaled('own') + scaled('other'),
    column: residual + 2 * scaled('product') + scaled('own'),
    otherColumns: scaled('other'),
  };

  const found = crossLayerNorms({
    loss: 'ce',
    ...{ width, classes, aspectRatio },
    hidden: { varianceFactor: 1, distribution: 'normal' },
    output: { varianceFactor: width * entryVariance, distribution: 'normal' },
  });
  for (const part of ['residual', 'curvature', 'column', 'otherColumns'] as const)
    expect(Math.abs(found[part] / expected[part] - 1)).toBeLessThan(1e-8);
});

/**
 * Wider, with the sums over units and over coordinates of the inputs written out: units are independent, so each term is
 * a product over units of integrals over one pre-activation or two.
 */
test('cross-entropy at width 4: all four norms as sums over units', () => {
  const [width, classes, aspectRatio, t] = [4, 10, 0.3, 0.1];
  const half = gaussLegendre(22, 0, 9);
  const nodes = Array.from(half.nodes).flatMap((z, k) => {
    const mass = (half.masses[k]! * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI);
    return [
      { z, h: z, gate: 1, mass },
      { z: -z, h: 0, gate: 0, mass },
    ];
  });
  const units = [0, 1, 2, 3];
  /** What unit 0 carries besides its gate: nothing, (v − t h)(v − t h′), or h′ (v − t h′). */
  type Own = 'gate' | 'square' | 'product';
  const carried = (own: Own, h: number, other: number): number =>
    own === 'gate' ? 1 : own === 'square' ? t + t ** 2 * h * other : t * h * other;
  /** E of Π over units e^{s h h′}, unit 0 as `own` says, h h′ of unit `feature`, z z′ of unit `input`. */
  const pair = (own: Own, feature: number | undefined, input: number, s: number): number =>
    units.reduce((product, unit) => {
      let sum = 0;
      for (const a of nodes) {
        for (const b of nodes) {
          let term = a.mass * b.mass * Math.exp(s * a.h * b.h);
          if (unit === 0) term *= a.gate * b.gate * carried(own, a.h, b.h);
          if (unit === feature) term *= a.h * b.h;
          if (unit === input) term *= a.z * b.z;
          sum += term;
        }
      }
      return product * sum;
    }, 1);
  const single = (own: Own, feature: number | undefined): number =>
    units.reduce((product, unit) => {
      let sum = 0;
      for (const { h, gate, mass } of nodes) {
        const term = mass * Math.exp(t * h * h) * (unit === feature ? h * h : 1);
        sum += unit === 0 ? term * gate * carried(own, h, h) : term;
      }
      return product * sum;
    }, 1);
  const total = (of: (unit: number) => number, chosen = units): number =>
    chosen.reduce((sum, unit) => sum + of(unit), 0);
  const norm = (own: Own, feature: number | undefined): number =>
    (aspectRatio * single(own, feature) + total((input) => pair(own, feature, input, t))) / classes ** 2;
  const own = norm('square', 0);
  const others = total((unit) => norm('square', unit), [1, 2, 3]);
  const residual =
    aspectRatio / (2 * classes) +
    (aspectRatio * (single('gate', undefined) - 1) +
      total((input) => pair('gate', undefined, input, t) - pair('gate', undefined, input, 0))) /
      classes ** 2;
  const expected = {
    residual,
    curvature: own + others,
    column: residual + 2 * norm('product', undefined) + own,
    otherColumns: others,
  };
  const found = crossLayerNorms({
    loss: 'ce',
    ...{ width, classes, aspectRatio },
    hidden: { varianceFactor: 1, distribution: 'normal' },
    output: { varianceFactor: width * t, distribution: 'normal' },
  });
  for (const part of ['residual', 'curvature', 'column', 'otherColumns'] as const)
    expect(Math.abs(found[part] / expected[part] - 1)).toBeLessThan(1e-8);
});
