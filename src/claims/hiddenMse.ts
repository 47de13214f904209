import { activationOff, aspectRatioOff } from './alternatives.js';
import { spectralClaim } from './kinds/spectralClaim.js';

export const hiddenMse = spectralClaim({
  id: 'hidden-mse',
  title: 'Hidden layer, squared error',
  statement: String.raw`A hidden block is $v_{:i}\cdot v_{:j}$ times a Gram matrix over the samples on which both units are active: the law of $q\cdot\mathrm{MP}(\gamma/q)$ with $q=1/2$ on the diagonal and $1/4$ off it, and the ratio of squared norms falls like $1/C$.`,
  formula: String.raw`H_{w_iw_j} = (v_{:i}\!\cdot\! v_{:j})\,\frac1N\sum_n g_{n,i}g_{n,j}\,x_nx_n^{\mathsf T},\qquad r = \frac{4\gamma+1}{4(2\gamma+1)(C+2)}`,
  model: 'hidden',
  loss: 'mse',
  classesOf: ({ hiddenClasses }) => hiddenClasses.slice(0, 1),
  alternatives: [aspectRatioOff, activationOff],
  shownAspectRatios: [],
  weighWeights: true,
  offDiagonalVanishes: false,
});
