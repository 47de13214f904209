import { compiledCubatureKernels } from '../../simulations/linalg/index.js';
import type { CubatureKernels } from '../../theory/network/cubatureKernels.js';
import { once } from '../../theory/numerics/once.js';

/** The compiled sums that a worker hands to theory for each expectation given a draw's layers. */
export const cubatureKernels: () => CubatureKernels = once(compiledCubatureKernels);
