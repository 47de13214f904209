/** Where a law is evaluated, and its values there. */
import { basename } from 'node:path';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { finiteNumber, listOf } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';
import { ascending } from './ascending.js';
import { lawGrid } from './lawGrid.js';

/** As text; one of them at most. */
export interface PointOptions {
  /** Numbers with commas between. */
  readonly at?: string | undefined;
  /** A file of numbers. */
  readonly atFile?: string | undefined;
  /** How many points, chosen by `lawGrid`. */
  readonly grid?: string | undefined;
}

export interface LawPoint {
  readonly x: number;
  readonly density: number;
  readonly cdf: number;
  readonly survival: number;
}

const mostPoints = 1_000_000;

/**
 * Where the options ask for values: a function of the law, since a grid follows its support.
 * @throws UsageError for more than one of the options, one that does not parse, and a file without finite numbers
 */
export async function placesOf({ at, atFile, grid }: PointOptions): Promise<(law: SpectralLaw) => Float64Array> {
  if ([at, atFile, grid].filter((option) => option !== undefined).length > 1)
    throw new UsageError('--at, --at-file and --grid each say where the law is wanted: give one of them');
  if (grid !== undefined) {
    const count = wholeNumber('--grid', grid, 2, mostPoints);
    return (law) => lawGrid(law, count);
  }
  const places = at === undefined ? await placesInFile(atFile) : Float64Array.from(listOf('--at', at, finiteNumber));
  return () => places;
}

async function placesInFile(path: string | undefined): Promise<Float64Array> {
  if (path === undefined) return new Float64Array(0);
  const { readArrayFile } = await import('../../store/formats/index.js');
  const { data } = readArrayFile(path);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (data.length === 0 || data.length > mostPoints || bad >= 0)
    throw new UsageError(
      `--at-file ${basename(path)}: from 1 to ${mostPoints} finite numbers are needed, ${bad >= 0 ? `number ${bad} (from 0) is ${data[bad]}` : `it holds ${data.length}`}`,
    );
  return data;
}

/** Values in the order of the places. */
export function lawPoints(law: SpectralLaw, places: Float64Array): LawPoint[] {
  const densities = ascending(places, (sorted) => law.densities(sorted));
  const cdfs = ascending(places, (sorted) => law.cdfs(sorted));
  const survivals = ascending(places, (sorted) => sorted.map((x) => law.survival(x)));
  return Array.from(places, (x, k) => ({ x, density: densities[k]!, cdf: cdfs[k]!, survival: survivals[k]! }));
}
