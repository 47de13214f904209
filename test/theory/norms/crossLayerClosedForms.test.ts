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
