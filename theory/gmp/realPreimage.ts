import { NumericalError } from '../errors.js';
import { evaluate, halfCurvature, newEvaluation, type Frame } from './frame.js';

/**
 * The real q in (low, high) of the frame with z(origin + q) − z(origin) = target, on a part of the line where z
 * increases from the one end to the other. `low` or `high` may be infinite. Newton kept inside a bracket.
 *
 * @throws NumericalError when 300 steps do not settle it
 */
export function realPreimage(frame: Frame, target: number, low: number, high: number): number {
  if (target === 0) return 0;
  if (target > 0) low = Math.max(low, 0);
  else high = Math.min(high, 0);
  const out = newEvaluation();
  let q =
    frame.slope > 0 ? target / frame.slope : Math.sign(target) * Math.sqrt(Math.abs(target / halfCurvature(frame)));
  if (!(q > low && q < high)) q = between(low, high);
  for (let iteration = 0; iteration < 300; iteration++) {
    evaluate(frame, q, 0, out);
    if (out.value < target) low = Math.max(low, q);
    else high = Math.min(high, q);
    let next = q - (out.value - target) / out.slopeRe;
    if (!(next > low && next < high)) next = between(low, high);
    const moved = Math.abs(next - q);
    q = next;
    if (moved <= 4e-16 * Math.abs(q)) return q;
  }
  // Newton may end by hopping between two neighbouring doubles.
  if (high - low <= 1e-14 * Math.abs(q)) return q;
  throw new NumericalError(
    `the inverse map could not be solved at ${frame.at[0] + target} (in units of the largest weight)`,
  );
}

function between(low: number, high: number): number {
  if (high === Infinity) return low > 0 ? 2 * low : 1;
  if (low === -Infinity) return high < 0 ? 2 * high : -1;
  return low + (high - low) / 2;
}
