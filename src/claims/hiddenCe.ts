import { aspectRatioOff, logitVarianceOff } from './alternatives.js';
import { spectralClaim } from './kinds/spectralClaim.js';

export const hiddenCe = spectralClaim({
  id: 'hidden-ce',
  title: 'Hidden layer, cross-entropy',
  statement: String.raw`A hidden block has weights $\mathrm{Cov}_p(v_{:i},v_{:j})$ over the samples on which both units are active, of both signs off the diagonal; its law given $V$ is generalised Marčenko–Pastur, and the ratio of squared norms falls like $1/C$.`,
  formula: String.raw`a_n = \mathrm{Cov}_{p_n}(v_{:i},v_{:j})\,g_{n,i}g_{n,j},\qquad C\,r \;\to\; \frac{4(\gamma T_1+T_2)}{t^2(2\gamma+1)},\quad t=\frac{s^2}{m}`,
  model: 'hidden',
  loss: 'ce',
  classesOf: ({ hiddenClasses }) => hiddenClasses,
  alternatives: [aspectRatioOff, logitVarianceOff],
  shownAspectRatios: [],
  weighWeights: true,
  offDiagonalVanishes: false,
});
