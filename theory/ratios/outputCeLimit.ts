import type { HiddenLimitOptions } from './hiddenCeLimit.js';
import { tiltOverlap, unitExpectations } from '../network/unitExpectations.js';

/**
 * Limit of C²·r for the output blocks under cross-entropy, m fixed: E[(h·h′)² Π F²]/E[(h·h′)² Π F] over independent
 * inputs, F of `tiltOverlap`. For normal V and ReLU this is K″(2t)/K″(t), K(t) = (¾ + J(t))^m (paper-notes.md, output
 * CE ratio).
 */
export function outputCeLimit(options: HiddenLimitOptions): number {
  return tiltedSquaredInner(options, 2) / tiltedSquaredInner(options, 1);
}

/**
 * E[(h·h′)² Π_k F(h_k, h′_k)^power] over two independent inputs, F of `tiltOverlap`. Infinite expectations are not
 * noticed: ask only for finite ones.
 */
export function tiltedSquaredInner(
  { width, activation, hiddenFactor, entry }: HiddenLimitOptions,
  power: number,
): number {
  const units = unitExpectations(activation, hiddenFactor);
  const overlap = (a: number, b: number): number => (a === 0 || b === 0 ? 1 : tiltOverlap(entry, a, b) ** power);
  const none = units.pair((a, b) => overlap(a.h, b.h));
  const one = units.pair((a, b) => a.h * b.h * overlap(a.h, b.h));
  const two = units.pair((a, b) => (a.h * b.h) ** 2 * overlap(a.h, b.h));
  // The units are independent: one of them twice, or two of them once, among others that only carry the tilt.
  return (width * two * none + width * (width - 1) * one * one) * none ** (width - 2);
}
