import type { ProbabilityLevels } from './probabilityLevels.js';

/**
 * Walks the difference D(u) = F_n − F as a function of u = F: linear on each stretch, from D₀ at u₀ to D₁ at u₁.
 * Between eigenvalues the slope is −1; across an atom the mass of law and spectrum is spread evenly, so that a spectrum
 * with the law's own share of eigenvalues there contributes what it should: nothing.
 */
function forEachStretch(
  { count, entries, before, after, countBefore, countAfter }: ProbabilityLevels,
  visit: (u0: number, u1: number, difference0: number, difference1: number) => void,
): void {
  let u = 0;
  for (let j = 0; j < entries; j++) {
    const share = countBefore[j]! / count;
    if (before[j]! > u) visit(u, before[j]!, share - u, share - before[j]!);
    if (after[j]! > before[j]!) visit(before[j]!, after[j]!, share - before[j]!, countAfter[j]! / count - after[j]!);
    u = Math.max(u, after[j]!);
  }
  if (u < 1) visit(u, 1, 1 - u, 0);
}

/** W² = n ∫ (F_n − F)² dF; without atoms 1/(12n) + Σ (u_i − (2i−1)/2n)². Source: Cramér (1928), von Mises (1931). */
export function cramerVonMises(levels: ProbabilityLevels): number {
  let sum = 0;
  forEachStretch(levels, (u0, u1, a, b) => {
    sum += ((u1 - u0) * (a * a + a * b + b * b)) / 3;
  });
  return levels.count * sum;
}

/** Gauss–Legendre, five points on [−1, 1]. */
const legendrePoints = [0, 0.5384693101056831, 0.906179845938664];
const legendreWeights = [0.5688888888888889, 0.47862867049936647, 0.23692688505618908];

/** ∫ (a + s(b−a))² / (u(1−u)) du over a stretch. */
function weightedStretch(u0: number, u1: number, a: number, b: number): number {
  const width = u1 - u0;
  if (width < 0.02 * Math.min(u0, 1 - u1)) {
    // Far from 0 and 1 the weight is nearly a constant and the closed form below would cancel.
    const middle = (u0 + u1) / 2;
    const centre = (a + b) / 2;
    const at = (t: number): number => {
      const u = middle + (t * width) / 2;
      return (centre + (t * (b - a)) / 2) ** 2 / (u * (1 - u));
    };
    let sum = legendreWeights[0]! * at(0);
    for (let k = 1; k < 3; k++) sum += legendreWeights[k]! * (at(legendrePoints[k]!) + at(-legendrePoints[k]!));
    return (sum * width) / 2;
  }
  // With D = α + βu: D²/(u(1−u)) = −β² + α²/u + (α+β)²/(1−u).
  const slope = (b - a) / width;
  const atZero = a - slope * u0;
  const atOne = b + slope * (1 - u1);
  let value = -slope * slope * width;
  if (u0 > 0) value += atZero * atZero * Math.log(u1 / u0);
  if (u1 < 1) value += atOne * atOne * Math.log((1 - u0) / (1 - u1));
  return value;
}

/**
 * A² = n ∫ (F_n − F)² / (F(1−F)) dF; without atoms −n − (1/n) Σ (2i−1)(log u_i + log(1 − u_{n+1−i})).
 * Source: Anderson and Darling (1952).
 *
 * An eigenvalue outside the support would make it infinite, and at a soft edge half of all spectra have one. Levels are
 * therefore kept 1/(4n²) away from 0 and 1 wherever eigenvalues lie beyond: independent draws reach that level with
 * probability 1/(2n), and an eigenvalue outside costs about (1/n) log 4n², at any distance.
 */
export function andersonDarling(levels: ProbabilityLevels): number {
  const { count, entries } = levels;
  const floor = 1 / (4 * count * count);
  const before = levels.before.slice(0, entries);
  const after = levels.after.slice(0, entries);
  const inside = (u: number): number => Math.min(1 - floor, Math.max(floor, u));
  for (let j = 0; j < entries; j++) {
    if (before[j] === after[j]) {
      before[j] = after[j] = inside(before[j]!);
    } else {
      before[j] = levels.countBefore[j]! > 0 ? inside(before[j]!) : Math.min(1 - floor, before[j]!);
      after[j] = levels.countAfter[j]! < count ? inside(after[j]!) : Math.max(floor, after[j]!);
    }
  }
  let sum = 0;
  forEachStretch({ ...levels, before, after }, (u0, u1, a, b) => {
    sum += weightedStretch(u0, u1, a, b);
  });
  return count * sum;
}
