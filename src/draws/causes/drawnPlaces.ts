/** Where eigenvalues of draws lie, one by one, and how far a spectrum is from these places when its scale is free. */

export interface RankFit {
  /** Of the spectrum, in units of the draws. */
  readonly scale: number;
  /** Root mean square of how many ranks the eigenvalues are off their places; about 0.8 for a draw of the same law. */
  readonly rms: number;
}

/** Ranks compared, as shares: without the ends, where few stand apart and gaps are unsteady. */
const compared = [0.02, 0.9] as const;

/** Mean of each order statistic. */
export function meanPlaces(spectra: readonly Float64Array[]): Float64Array {
  const places = new Float64Array(spectra[0]!.length);
  for (const values of spectra) for (let i = 0; i < places.length; i++) places[i]! += values[i]! / spectra.length;
  return places;
}

/**
 * Least squares of y = s q in units of the gap between neighbouring places: s = Σ q y/g² / Σ q²/g².
 * @param values ascending, as many as places
 */
export function fitToPlaces(
  values: Float64Array,
  places: Float64Array,
  [low, high]: readonly [number, number] = compared,
): RankFit {
  const [first, last] = [Math.floor(low * places.length), Math.ceil(high * places.length)];
  let [product, square] = [0, 0];
  for (let i = first; i < last; i++) {
    const weight = 1 / gapAt(places, i) ** 2;
    product += weight * places[i]! * values[i]!;
    square += weight * places[i]! ** 2;
  }
  const scale = product / square;
  let sum = 0;
  for (let i = first; i < last; i++) sum += ((values[i]! / scale - places[i]!) / gapAt(places, i)) ** 2;
  return { scale, rms: Math.sqrt(sum / (last - first)) };
}

/** Half the distance between the places before and after; the whole distance at an end. */
function gapAt(places: Float64Array, i: number): number {
  const [before, after] = [Math.max(0, i - 1), Math.min(places.length - 1, i + 1)];
  return (places[after]! - places[before]!) / (after - before);
}
