/**
 * The Im p > 0 with Σ squares/|p − node|² = aspectRatio above the real number `re`, or 0 when there is none: the curve
 * that the inverse map takes to the support, as a graph over its real part (paper-notes.md, generalised Marčenko–Pastur
 * on the axis). `offsets` are origin − node, so that p = origin + re keeps its digits next to a node. To the last digits,
 * or until a step of Newton's method changes its square by less than `tolerance` of itself. A `guess`, the height above a number near
 * by, saves most of the steps.
 */
export function contourHeight(
  squares: Float64Array,
  offsets: Float64Array,
  aspectRatio: number,
  re: number,
  tolerance = 1e-15,
  guess = 0,
): number {
  let height = guess * guess;
  let isBelow = guess === 0;
  if (isBelow) height = heightOfOne(squares, offsets, aspectRatio, re);
  for (let iteration = 0; iteration < 100; iteration++) {
    let sum = 0;
    let slope = 0;
    for (let j = 0; j < offsets.length; j++) {
      const distance = offsets[j] + re;
      const inverse = 1 / (distance * distance + height);
      sum += squares[j] * inverse;
      slope += squares[j] * inverse * inverse;
    }
    if (isBelow && !(sum > aspectRatio)) break;
    // Newton on 1/Σ, a concave function of the squared height: wherever it starts, after a step it approaches from below.
    const step = (sum * (sum / aspectRatio - 1)) / slope;
    height += step;
    if (Math.abs(step) <= tolerance * height) break;
    if (!isBelow && !(height > 0)) height = heightOfOne(squares, offsets, aspectRatio, re);
    isBelow = true;
  }
  return Math.sqrt(height);
}

/** The square of the largest height that one of the nodes alone would give: below that of all. */
function heightOfOne(squares: Float64Array, offsets: Float64Array, aspectRatio: number, re: number): number {
  let height = 0;
  for (let j = 0; j < offsets.length; j++) {
    const distance = offsets[j] + re;
    height = Math.max(height, squares[j] / aspectRatio - distance * distance);
  }
  return height;
}
