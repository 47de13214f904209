import type { ProjectionBasis } from '../blocks/index.js';
import { sumOfSquares } from '../linalg/vectors.js';
import type { Draw } from '../network/model.js';
import type { WeightedBlockObservation } from './contract.js';

/** Blocks (0, 0) and (0, 1) of the weighted layers, counted among the rows that are not dead. */
export function observeWeightedBlocks(
  draw: Draw,
  basis: ProjectionBasis,
  dead: readonly number[],
): WeightedBlockObservation[] {
  const { dimension, samples } = draw.settings;
  const free = dimension - basis.rank;
  const excess = freePowers(draw, basis).map((power) => power - free);
  return draw.model.layers.flatMap(({ layer, weights, count }) => {
    if (weights === undefined) return [];
    const [i, other] = [...Array(count(draw.settings)).keys()].filter((row) => !dead.includes(row));
    if (i === undefined) return [];
    return (other === undefined ? [i] : [i, other]).map((j) => {
      const a = weights(draw, i, j);
      let [sum, score] = [0, 0];
      for (let n = 0; n < samples; n++) {
        sum += a[n]!;
        score += a[n]! * excess[n]!;
      }
      const power = sumOfSquares(a);
      return {
        layer,
        i,
        j,
        mean: sum / samples,
        power: power / samples,
        traceScore: free === 0 || power === 0 ? null : score / Math.sqrt(2 * free * power),
        weights: null,
        distances: null,
      };
    });
  });
}

/** ‖y_n‖², N values, y_n the inputs off the directions. */
function freePowers({ workspace, settings }: Draw, basis: ProjectionBasis): Float64Array {
  const { dimension, samples } = settings;
  const powers = new Float64Array(samples);
  for (let n = 0; n < samples; n++)
    powers[n] = sumOfSquares(workspace.inputs.subarray(n * dimension, (n + 1) * dimension));
  if (basis.rank === 0) return powers;
  const field = new Float64Array(basis.rank * samples);
  workspace.project(basis.rows, basis.rank, field);
  for (let k = 0; k < basis.rank; k++) for (let n = 0; n < samples; n++) powers[n]! -= field[k * samples + n]! ** 2;
  return powers;
}
