/** What each exact statement of a training says, for a reader. */
import type { ExactStatement, StatementId } from '../../simulations/dynamics/index.js';

const texts: Readonly<Record<StatementId, string>> = {
  E1: 'The eigenvalues of $R$ are $\\pm\\sigma_k(S_i)$ and zeros',
  'E2-weights': 'The gradient by a row of $W$ is a contraction: $S_i v_i = \\partial L/\\partial w_i$',
  'E2-readout': 'The gradient by a column of $V$ is a contraction: $S_i^{\\top} w_i = \\partial L/\\partial v_i$',
  'E3-outputs': 'Rescaling a unit moves no output: $J u_i = 0$ with $u_i = (w_i, -v_i)$',
  'E3-curvature': 'The Gauss–Newton part has no curvature along $u_i = (w_i, -v_i)$',
  'E3-gradient': '$H u_i = (-\\partial L/\\partial w_i, \\partial L/\\partial v_i)$',
  'E3-shift': 'All outputs may shift together: $H (1_C \\otimes e_k) = 0$',
  'E3-shift-cross': 'The same of the cross-layer blocks: their columns $k$ sum to 0 over the classes',
  E4: 'The null space of the Gauss–Newton part is as large as its symmetries',
  'E5-lower': 'The gradient holds a part of $\\lVert R \\rVert^2$',
  'E5-upper':
    '$\\lVert R \\rVert^2 \\le \\sum_i \\Lambda_i \\lVert r \\rVert_i^2/N$, $\\lVert r \\rVert_i$ over the samples that unit $i$ is open at',
  'E6-residual': 'The loss bounds the residual: $\\lVert r \\rVert^2/N \\le \\psi(L)$, or $2L$',
  E6: 'The loss bounds $\\lVert R \\rVert^2$ through it',
  'E7-smallest': '$\\lambda_{\\min}(H) \\ge -\\max_i \\sigma_1(S_i)$',
  'E7-negative': '$H$ has no more negative eigenvalues than $R$ allows',
  'E7-rank': '$R$ has no more negative eigenvalues than the rank of the $S_i$ allows',
  'E7-loss': 'The loss bounds every $\\sigma_1(S_i)$',
  E8: '$\\lVert w_i \\rVert^2 - \\lVert v_i \\rVert^2$ moves by what the gradients say',
  E9: 'A block within the first layer is a number times the Gram matrix of gates',
};

/** Of results of another version, which may know others, the id itself. */
export const statementText = (id: string): string => (texts as Readonly<Record<string, string | undefined>>)[id] ?? id;

/** |left − right| over the size of what is compared; of an inequality, by how much it is broken. */
export function relativeError({ left, right, scale, relation }: ExactStatement): number {
  const difference = relation === 'equal' ? Math.abs(left - right) : Math.max(0, left - right);
  return difference === 0 ? 0 : difference / scale;
}
