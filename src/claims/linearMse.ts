import { aspectRatioOff } from './alternatives.js';
import { spectralClaim } from './kinds/spectralClaim.js';

export const linearMse = spectralClaim({
  id: 'linear-mse',
  title: 'Linear model, squared error',
  statement: String.raw`Each diagonal block is $\frac1N\sum x x^{\mathsf T}$, whose spectrum tends to the Marčenko–Pastur law of aspect ratio $\gamma$; each off-diagonal block is exactly zero.`,
  formula: String.raw`H_{ii} = \frac1N \sum_n x_n x_n^{\mathsf T} \;\to\; \mathrm{MP}(\gamma), \qquad H_{ij} = 0`,
  model: 'linear',
  loss: 'mse',
  classesOf: ({ linearClasses }) => [linearClasses],
  alternatives: [aspectRatioOff],
  shownAspectRatios: [],
  weighWeights: false,
  offDiagonalVanishes: true,
});
