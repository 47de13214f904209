import { UsageError } from '../../theory/errors.js';
import type { RandomStream, Workspace } from '../contracts.js';
import { dot } from '../linalg/vectors.js';
import type { Draw } from '../network/model.js';
import { forgetInputs, requireInputs } from '../network/requireInputs.js';

/** An orthonormal basis of the span of the projection directions: `rank` rows of length d, row-major. */
export interface ProjectionBasis {
  readonly rank: number;
  readonly rows: Float64Array;
}

/**
 * An orthonormal basis of the directions through which the weights a_n see an input: the rows of the first layer. Gram–Schmidt, each row orthogonalised twice, which keeps P Pᵀ = I to a few units of rounding
 * (Giraud, Langou, Rozložník 2005); a row whose remainder is below 1e-12 of its length adds no direction.
 */
export function projectionBasis(draw: Draw): ProjectionBasis {
  const { model, settings, isDrawn } = draw;
  const { dimension } = settings;
  const [first] = model.layers;
  // d or more rows drawn from a density span the whole space with probability one. Of a readout, which may have very
  // many, they are then not read.
  if (model.units(settings) === 0 && isDrawn && first.count(settings) >= dimension) {
    return {
      rank: dimension,
      rows: Float64Array.from({ length: dimension ** 2 }, (_, e) => (e % (dimension + 1) === 0 ? 1 : 0)),
    };
  }
  return orthonormalise(first.rows(draw), dimension);
}

/** The span of some rows of length d, by the same Gram–Schmidt. */
export function orthonormalise(directions: Float64Array, dimension: number): ProjectionBasis {
  const basis: Float64Array[] = [];
  for (let start = 0; start < directions.length && basis.length < dimension; start += dimension) {
    const row = directions.slice(start, start + dimension);
    const length = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) {
      for (const unit of basis) {
        const overlap = dot(unit, row);
        for (let a = 0; a < dimension; a++) row[a]! -= overlap * unit[a]!;
      }
    }
    const remainder = Math.sqrt(dot(row, row));
    if (!(remainder > 1e-12 * length)) continue;
    for (let a = 0; a < dimension; a++) row[a]! /= remainder;
    basis.push(row);
  }
  const rows = new Float64Array(basis.length * dimension);
  basis.forEach((row, k) => rows.set(row, k * dimension));
  return { rank: basis.length, rows };
}

/** P Xᵀ, rank×N: the coordinates of the inputs in an orthonormal basis of the projection directions. */
export function coordinates(draw: Draw, basis: ProjectionBasis = projectionBasis(draw)): Float64Array {
  requireInputs(draw);
  const field = new Float64Array(basis.rank * draw.settings.samples);
  draw.workspace.project(basis.rows, basis.rank, field);
  return field;
}

/**
 * Writes the twin's inputs to `workspace`: X − X PᵀP + G P, with G an independent N×k matrix of standard normals. The
 * twin has the same law as X and is independent of the original's projections, hence of every weight a_n of the draw;
 * each of its columns differs from the original's by a vector of a k-dimensional space, so the blocks with the same
 * weights differ by a matrix of rank at most 2k (paper-notes.md, exact coupling). In the draw's own workspace the
 * original inputs are lost. Throws a UsageError unless the inputs are independent standard normals.
 */
export function twinInputs(
  draw: Draw,
  workspace: Workspace,
  stream: RandomStream,
  basis: ProjectionBasis = projectionBasis(draw),
): void {
  if (!draw.hasStandardNormalInputs) {
    throw new UsageError(
      'the twin must be made from independent standard normal inputs; this draw has other inputs; draw without an input sampler',
    );
  }
  const { dimension, samples } = draw.settings;
  if (workspace.dimension !== dimension || workspace.samples !== samples) {
    throw new UsageError(
      `workspace must be of the size of the draw, ${dimension}×${samples}, got ${workspace.dimension}×${workspace.samples}; create one of that size`,
    );
  }
  const field = coordinates(draw, basis);
  const source = draw.workspace.inputs;
  const target = workspace.inputs;
  const fresh = new Float64Array(basis.rank);
  forgetInputs(workspace);
  for (let n = 0; n < samples; n++) {
    stream.fillNormals(fresh);
    const row = target.subarray(n * dimension, (n + 1) * dimension);
    row.set(source.subarray(n * dimension, (n + 1) * dimension));
    for (let k = 0; k < basis.rank; k++) {
      const change = fresh[k]! - field[k * samples + n]!;
      const unit = k * dimension;
      for (let a = 0; a < dimension; a++) row[a]! += change * basis.rows[unit + a]!;
    }
  }
}
