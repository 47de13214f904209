/** Gauss–Legendre nodes (ascending) and masses on [lower, upper], by Newton's method on the three-term recurrence. */
export function gaussLegendre(
  count: number,
  lower: number,
  upper: number,
): { nodes: Float64Array; masses: Float64Array } {
  const nodes = new Float64Array(count);
  const masses = new Float64Array(count);
  const [centre, half] = [(lower + upper) / 2, (upper - lower) / 2];
  for (let i = 0; i < (count + 1) >> 1; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let derivative = 0;
    for (let step = 0; step < 100; step++) {
      let [before, current] = [0, 1];
      for (let n = 1; n <= count; n++)
        [before, current] = [current, ((2 * n - 1) * x * current - (n - 1) * before) / n];
      derivative = (count * (x * current - before)) / (x * x - 1);
      const correction = current / derivative;
      x -= correction;
      if (Math.abs(correction) < 1e-15) break;
    }
    const mass = (2 * half) / ((1 - x * x) * derivative * derivative);
    nodes[i] = centre - half * x;
    nodes[count - 1 - i] = centre + half * x;
    masses[i] = mass;
    masses[count - 1 - i] = mass;
  }
  return { nodes, masses };
}
