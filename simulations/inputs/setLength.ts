/** Scales a vector that is not zero to a length, in place. */
export function setLength(vector: Float64Array, length: number): void {
  let squares = 0;
  for (const entry of vector) squares += entry * entry;
  const factor = length / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
}
