import { outputClaim } from './kinds/outputClaim.js';

export const outputCe = outputClaim({
  id: 'output-ce',
  title: 'Output layer, cross-entropy',
  statement: String.raw`An output block tends to $\mathbb{E}[p_i(\delta_{ij}-p_j)\,h h^{\mathsf T}]$ given $V$ and $W$, and the ratio of squared norms of off-diagonal to diagonal blocks falls like $C^{-2}$.`,
  formula: String.raw`H_{v_iv_j} \;\to\; \mathbb{E}\big[p_i(\delta_{ij}-p_j)\,hh^{\mathsf T}\big],\qquad C^2 r \;\to\; \frac{K''(2t)}{K''(t)},\quad K(t)=\big(\tfrac34+J(t)\big)^m`,
  loss: 'ce',
  offDiagonalVanishes: false,
});
