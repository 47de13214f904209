/**
 * `evaluate` of ascending points, along which laws are faster than back and forth, for points in any order: its answers in the
 * order of the points, NaN for NaN.
 */
export function ascending(points: Float64Array, evaluate: (sorted: Float64Array) => Float64Array): Float64Array {
  if (points.every((point, k) => (k === 0 ? !Number.isNaN(point) : points[k - 1]! <= point))) return evaluate(points);
  const places = Uint32Array.from(points.keys()).filter((place) => !Number.isNaN(points[place]!));
  places.sort((a, b) => points[a]! - points[b]! || a - b);
  const found = evaluate(Float64Array.from(places, (place) => points[place]!));
  const out = new Float64Array(points.length).fill(NaN);
  places.forEach((place, k) => (out[place] = found[k]!));
  return out;
}
