import { normalsBase64 } from '../random/normals.generated.js';
import { fusedKernelsBase64 } from './wasm/fusedKernels.generated.js';
import { kernelsBase64 } from './wasm/kernels.generated.js';

/** All compiled code that numbers may come of, as text: what a run was drawn with. */
export const compiledKernels: readonly string[] = [normalsBase64, kernelsBase64, fusedKernelsBase64];
