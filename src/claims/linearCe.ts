import { aspectRatioOff, logitVarianceOff } from './alternatives.js';
import { spectralClaim } from './kinds/spectralClaim.js';

export const linearCe = spectralClaim({
  id: 'linear-ce',
  title: 'Linear model, cross-entropy',
  statement: String.raw`The blocks tend to generalised Marčenko–Pastur laws with weights $p_i(1-p_i)$ and $-p_i p_j$, and the ratio of their squared norms falls like $C^{-2}$.`,
  formula: String.raw`z(m) = -\frac1m + \mathbb{E}\frac{a}{1+\gamma a m},\qquad C^2\,\frac{\mathbb{E}\|H_{ij}\|_F^2}{\mathbb{E}\|H_{ii}\|_F^2} \;\to\; \frac{1+\gamma e^{2s^2}}{1+\gamma e^{s^2}}`,
  model: 'linear',
  loss: 'ce',
  classesOf: ({ linearClasses }) => [linearClasses],
  alternatives: [aspectRatioOff, logitVarianceOff],
  shownAspectRatios: [0.2, 1, 2],
  weighWeights: false,
  offDiagonalVanishes: false,
});
