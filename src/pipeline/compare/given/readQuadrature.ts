/** Nodes and weights of Lanczos' quadrature of a spectral density, of one probe or of several, from two files. */
import { basename } from 'node:path';
import { UsageError } from '../../../../theory/errors.js';
import { readArrayFile } from '../../../store/formats/index.js';
import { requireFinite, rowsOf, shapeOf } from './arrays.js';

/** Of one start vector: Σ ω_i δ(θ_i), which has the first 2m − 1 moments of its spectral measure. */
export interface Probe {
  /** θ, ascending, distinct. */
  readonly nodes: Float64Array;
  /** ω = τ², of sum 1. */
  readonly masses: Float64Array;
}

export interface Quadrature {
  readonly probes: readonly Probe[];
  /** d of the matrix. */
  readonly dimension: number;
  readonly description: string;
  readonly notes: readonly string[];
}

/**
 * Two lists of equal length, or two tables with a probe in each row.
 * @throws UsageError for other shapes, entries that are not finite, negative weights, weights that look like components or like
 * those of several probes in a list, and for no dimension or one below the number of nodes
 */
export function readQuadrature(nodesPath: string, weightsPath: string, dimension: number | undefined): Quadrature {
  const what = `--ritz-values ${basename(nodesPath)}`;
  const nodes = readRows(nodesPath, what);
  const weights = readRows(weightsPath, `--ritz-weights ${basename(weightsPath)}`);
  if (nodes.length !== weights.length || nodes[0]!.length !== weights[0]!.length)
    throw new UsageError(
      `${what}: ${nodes.length}×${nodes[0]!.length} nodes and ${weights.length}×${weights[0]!.length} weights do not belong together. Give a weight for each node, a probe in each row.`,
    );
  const steps = nodes[0]!.length;
  if (dimension === undefined)
    throw new UsageError(
      `${what}: ${steps} nodes are not ${steps} eigenvalues; of a matrix of which order they are, say with --dimension d.`,
    );
  if (steps > dimension)
    throw new UsageError(
      `${what}: ${steps} nodes are more than --dimension ${dimension}. Give the order of the matrix.`,
    );
  const sums = weights.map((values) => values.reduce((sum, value) => sum + value, 0));
  weights.forEach((values, probe) => requireMasses(values, sums[probe]!, probe));
  const probes = nodes.map((values, probe) =>
    distinct(
      values,
      weights[probe]!.map((mass) => mass / sums[probe]!),
    ),
  );
  return {
    probes,
    dimension,
    description: `${steps} nodes of ${probes.length} ${probes.length === 1 ? 'probe' : 'probes'} of a matrix of order ${dimension}, from ${basename(nodesPath)}`,
    notes: notesOf(probes, sums, steps),
  };
}

function readRows(path: string, what: string): readonly Float64Array[] {
  const array = readArrayFile(path);
  const rows = rowsOf(array);
  if (array.data.length === 0 || rows === undefined)
    throw new UsageError(`${what}: a list is needed, or a row for each probe, the file holds ${shapeOf(array)}.`);
  requireFinite(array, what);
  return rows;
}

function requireMasses(weights: Float64Array, sum: number, probe: number): void {
  const bad = weights.findIndex((value) => value < 0);
  const components = Math.abs(weights.reduce((total, value) => total + value * value, 0) - 1) < 1e-6;
  const remedy = 'Square them: the weight of a node is the square of the first component of its eigenvector.';
  if (bad >= 0)
    throw new UsageError(
      `--ritz-weights: a weight cannot be negative, but number ${bad} of probe ${probe} is ${weights[bad]} (counting from 0). ${components ? remedy : 'Find out where it comes from.'}`,
    );
  if (components && Math.abs(sum - 1) > 1e-3)
    throw new UsageError(
      `--ritz-weights: the weights of probe ${probe} sum to ${sum.toPrecision(4)}, and their squares to 1. ${remedy}`,
    );
  if (!(sum > 0)) throw new UsageError(`--ritz-weights: the weights of probe ${probe} are all 0.`);
  if (Math.round(sum) > 1 && Math.abs(sum - Math.round(sum)) < 1e-6 && Math.round(sum) <= weights.length / 2)
    throw new UsageError(
      `--ritz-weights: the weights of probe ${probe} sum to ${Math.round(sum)}, as those of ${Math.round(sum)} probes in one list. Give a row for each probe; or divide them by their sum.`,
    );
}

/** Nodes closer than this share an eigenvalue: Lanczos without orthogonalisation finds it again and again. */
const closeness = 1e-8;

/** Ascending, with those that coincide as one. */
function distinct(nodes: Float64Array, masses: Float64Array): Probe {
  const order = Array.from(nodes.keys()).sort((a, b) => nodes[a]! - nodes[b]!);
  const range = Math.max(Math.abs(nodes[order[0]!]!), Math.abs(nodes[order.at(-1)!]!));
  const merged: [node: number, mass: number][] = [];
  for (const k of order) {
    const last = merged.at(-1);
    if (last !== undefined && nodes[k]! - last[0] <= closeness * range) last[1] += masses[k]!;
    else merged.push([nodes[k]!, masses[k]!]);
  }
  return {
    nodes: Float64Array.from(merged, ([node]) => node),
    masses: Float64Array.from(merged, ([, mass]) => mass),
  };
}

function notesOf(probes: readonly Probe[], sums: readonly number[], steps: number): string[] {
  const fewest = Math.min(...probes.map(({ nodes }) => nodes.length));
  const off = sums.filter((sum) => Math.abs(sum - 1) > 1e-3);
  return [
    ...(fewest < steps
      ? [
          `Up to ${steps - fewest} of ${steps} nodes of a probe coincide with others: Lanczos lost orthogonality and found eigenvalues again. Their weights are added.`,
        ]
      : []),
    ...(off.length > 0
      ? [
          `The weights of ${off.length} ${off.length === 1 ? 'probe' : 'probes'} sum to ${off[0]!.toPrecision(4)}${off.length > 1 ? ' or so' : ''} and not to 1: they are divided by it.`,
        ]
      : []),
  ];
}
