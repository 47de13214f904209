import { outputClaim } from './kinds/outputClaim.js';

export const outputMse = outputClaim({
  id: 'output-mse',
  title: 'Output layer, squared error',
  statement: String.raw`Each diagonal output block is $\frac1N\sum h h^{\mathsf T}$ and tends to $\mathbb{E}[h h^{\mathsf T}]$ given $W$; each off-diagonal block is exactly zero.`,
  formula: String.raw`H_{v_iv_i} = \frac1N\sum_n h_nh_n^{\mathsf T} \;\to\; \mathbb{E}[hh^{\mathsf T}],\qquad H_{v_iv_j}=0`,
  loss: 'mse',
  offDiagonalVanishes: true,
});
