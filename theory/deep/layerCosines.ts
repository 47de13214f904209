import { activationKernel } from '../network/activationKernel.js';

/**
 * Cosines ρ_0 … ρ_L between the features of two inputs in the layers of a wide ReLU network: ρ_0 = 0 for independent
 * inputs in many dimensions, then ρ_k = J(ρ_{k−1}), J(ρ) = (√(1 − ρ²) + ρ(π − arccos ρ))/π (Cho & Saul 2009): 0, 0.31831,
 * 0.49373, 0.60483, 0.68095, … tending to 1.
 */
export function layerCosines(depth: number): Float64Array {
  const cosines = new Float64Array(depth + 1);
  for (let k = 1; k <= depth; k++) cosines[k] = 2 * activationKernel('relu', 1, 1, cosines[k - 1]!);
  return cosines;
}

/** P(u > 0, u′ > 0) = (π − arccos ρ)/2π for jointly normal u, u′ of correlation ρ: a ReLU is open for both inputs. */
export function bothOpen(cosine: number): number {
  return (Math.PI - Math.acos(Math.min(1, Math.max(-1, cosine)))) / (2 * Math.PI);
}
