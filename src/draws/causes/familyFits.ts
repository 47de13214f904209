/** Families of data that is not white, fitted to a spectrum with its scale free. */
import type { Backend } from '../../../simulations/contracts.js';
import { randomStream } from '../../../simulations/random/index.js';
import { families, familySpectrum, type Family } from './drawnFamilies.js';
import { fitToPlaces, meanPlaces, type RankFit } from './drawnPlaces.js';

export interface FamilyFit extends RankFit {
  readonly family: Family;
  readonly parameter: number;
  readonly places: Float64Array;
}

export interface FamilyDraws {
  readonly families: readonly Family[];
  /** Mean places at each parameter of the grid of a family. */
  readonly places: readonly (readonly Float64Array[])[];
  /** Of as many draws as the grid had at a point. */
  spectrum(family: Family, parameter: number, replicate: number): Float64Array;
}

export interface FamilySize {
  readonly backend: Backend;
  readonly dimension: number;
  readonly samples: number;
  readonly seed: string;
}

/** The size last asked for: its draws cost seconds. */
let kept: { readonly key: string; readonly draws: FamilyDraws } | undefined;

export function familyDraws(size: FamilySize): FamilyDraws {
  const { backend, dimension, samples, seed } = size;
  const key = JSON.stringify([backend.name, dimension, samples, seed]);
  if (kept?.key === key) return kept.draws;
  const workspace = backend.createWorkspace(dimension, samples);
  const spectrum: FamilyDraws['spectrum'] = (family, parameter, replicate) =>
    familySpectrum(family, workspace, randomStream(seed, `causes: ${family.id} ${parameter}`, replicate), parameter);
  const places = families.map((family) =>
    family.grid.map((parameter) =>
      meanPlaces(Array.from({ length: drawsOfPlace }, (_, r) => spectrum(family, parameter, r))),
    ),
  );
  const draws: FamilyDraws = { families, places, spectrum };
  kept = { key, draws };
  return draws;
}

/** Whose mean adds a share 1/√6 to the noise of one spectrum. */
const drawsOfPlace = 6;

/** Points tried from one parameter of the grid to the next. */
const steps = 8;

/** The parameter at which the ranks are nearest to their places, of each family. */
export function fitFamilies(values: Float64Array, draws: FamilyDraws): FamilyFit[] {
  return draws.families.map((family, k) => {
    let best: FamilyFit | undefined;
    for (let j = 0; j < family.grid.length - 1; j++)
      for (let step = j === 0 ? 0 : 1; step <= steps; step++) {
        const share = step / steps;
        const [before, after] = [draws.places[k]![j]!, draws.places[k]![j + 1]!];
        const places = before.map((place, i) => (1 - share) * place + share * after[i]!);
        const fit = fitToPlaces(values, places);
        if (best === undefined || fit.rms < best.rms)
          best = { ...fit, family, places, parameter: (1 - share) * family.grid[j]! + share * family.grid[j + 1]! };
      }
    return best!;
  });
}
