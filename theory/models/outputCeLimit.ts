import type { HiddenLimitOptions } from './hiddenCeLimit.js';
import { tiltOverlap, unitExpectations } from './unitExpectations.js';

/**
 * Limit of C²·r for the output blocks under cross-entropy, m fixed: E[(h·h′)² Π F²]/E[(h·h′)² Π F] over independent inputs, F of
 * `tiltOverlap`. For normal V and ReLU this is K″(2t)/K″(t), K(t) = (¾ + J(t))^m (paper-notes.md, output CE ratio).
 */
export function outputCeLimit({ width, activation, hiddenFactor, entry }: HiddenLimitOptions): number {
  const units = unitExpectations(activation, hiddenFactor);
  const squaredInner = (power: number): number => {
    const overlap = (a: number, b: number): number => (a === 0 || b === 0 ? 1 : tiltOverlap(entry, a, b) ** power);
    const none = units.pair((a, b) => overlap(a.h, b.h));
    const one = units.pair((a, b) => a.h * b.h * overlap(a.h, b.h));
    const two = units.pair((a, b) => (a.h * b.h) ** 2 * overlap(a.h, b.h));
    // Relative to E[F]^m, which may be large but cancels from no ratio.
    return (width * two * none + width * (width - 1) * one * one) * none ** (width - 2);
  };
  return squaredInner(2) / squaredInner(1);
}
