import { logSumCovariance, type LogSumCovariance } from './logSumCovariance.js';
import { taylorSize } from './overlapTaylor.js';

/** Distance of the nodes in √θ, and their number in one interpolation. */
const step = 0.25;
const stencil = 8;

/** Nodes do not depend on the width, the activation or the initialisation: those of a few numbers of classes are kept. */
const nodesOf = new Map<number, Map<number, Float64Array>>();
const tablesKept = 16;

/**
 * `logSumCovariance` of an input with itself, θ = θ′ = g, at any θ ≥ 0, by interpolation of degree 7 in √θ between nodes
 * that are computed when first asked for; even in √θ. Relative error below 1e-4 of E[a²]; a
 * wider step shows first at many classes, where everything grows like e^θ.
 */
export function logSumTable(classes: number): (variance: number) => LogSumCovariance {
  const known = nodesOf.get(classes) ?? new Map<number, Float64Array>();
  if (nodesOf.size >= tablesKept) nodesOf.clear();
  nodesOf.set(classes, known);
  const nodeAt = (index: number): Float64Array => {
    const n = Math.abs(index);
    let values = known.get(n);
    if (values === undefined) {
      const variance = Math.max(1e-10, (n * step) ** 2);
      const at = logSumCovariance({ classes, own: variance, other: variance, shared: variance });
      values = Float64Array.of(...at.taylor, at.meanSlope, at.meanCurvature);
      known.set(n, values);
    }
    return values;
  };
  return (variance) => {
    const position = Math.sqrt(variance) / step;
    const start = Math.floor(position) - stencil / 2 + 1;
    const values = new Float64Array(taylorSize + 2);
    for (let n = 0; n < stencil; n += 1) {
      let weight = 1;
      for (let k = 0; k < stencil; k += 1) if (k !== n) weight *= (position - start - k) / (n - k);
      const node = nodeAt(start + n);
      for (let k = 0; k < values.length; k += 1) values[k] += weight * node[k];
    }
    return {
      taylor: values.subarray(0, taylorSize),
      meanSlope: values[taylorSize],
      meanCurvature: values[taylorSize + 1],
    };
  };
}
