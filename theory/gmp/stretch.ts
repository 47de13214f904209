/** A stretch of positive numbers and the parameter u in which a law on it is followed. */
export interface Stretch {
  readonly lower: number;
  /** Length that u is measured by. */
  readonly span: number;
  /** u at the upper end. */
  readonly lastParameter: number;
  at(u: number): number;
  parameter(x: number): number;
  /** dx/du. */
  speed(u: number): number;
}

/** x(u) = lower + span sin² u: square roots at both edges become lines in u. */
export function stretchBetween(lower: number, upper: number): Stretch {
  const span = upper - lower;
  return {
    lower,
    span,
    lastParameter: Math.PI / 2,
    at: (u) => (u < 0.8 ? lower + span * Math.sin(u) ** 2 : upper - span * Math.cos(u) ** 2),
    parameter: (x) => Math.atan2(Math.sqrt(Math.max(x - lower, 0)), Math.sqrt(Math.max(upper - x, 0))),
    speed: (u) => span * Math.sin(2 * u),
  };
}

/** x(u) = lower + span sinh² u, for a tail that fades. */
export function stretchAbove(lower: number, span: number): Stretch {
  return {
    lower,
    span,
    lastParameter: Infinity,
    at: (u) => lower + span * Math.sinh(u) ** 2,
    parameter: (x) => Math.asinh(Math.sqrt(Math.max(x - lower, 0) / span)),
    speed: (u) => span * Math.sinh(2 * u),
  };
}
