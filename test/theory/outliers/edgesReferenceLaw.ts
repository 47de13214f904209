import type { Complex, DiscreteMeasure } from '../../../theory/contracts.js';
import type { BulkLaw } from '../../../theory/gmp/bulkLaw.js';

/**
 * A small generalised Marčenko–Pastur law of its own for the tests of outliers and fluctuations: edges by convexity of
 * γ∫a²/(u + γa)² between its poles, the transform by Newton's method along a path that comes down from far up. Slow and
 * plain.
 */
export function referenceLaw(weights: readonly number[], masses: readonly number[], aspectRatio: number): BulkLaw {
  const order = weights.map((_, i) => i).sort((i, j) => weights[i]! - weights[j]!);
  const nodes = Float64Array.from(order, (i) => weights[i]!);
  const shares = Float64Array.from(order, (i) => masses[i]!);
  const measure: DiscreteMeasure = { nodes, masses: shares };
  const spread = (u: number) =>
    nodes.reduce(
      (sum, a, i) => sum + (a === 0 ? 0 : (shares[i]! * aspectRatio * a * a) / (u + aspectRatio * a) ** 2),
      0,
    );
  const inverse = (u: number) =>
    nodes.reduce((sum, a, i) => sum + (a === 0 ? 0 : (shares[i]! * a * u) / (u + aspectRatio * a)), -u);
  const bisect = (f: (u: number) => number, negative: number, positive: number) => {
    for (let i = 0; i < 200; i++) {
      const middle = (negative + positive) / 2;
      if (f(middle) < 0) negative = middle;
      else positive = middle;
    }
    return (negative + positive) / 2;
  };
  const poles = [...new Set([...nodes].filter((a) => a !== 0).map((a) => -aspectRatio * a))].sort((p, q) => p - q);
  const size = Math.max(...poles.map(Math.abs)) + Math.max(...nodes.map(Math.abs)) * (1 + 2 * Math.sqrt(aspectRatio));
  // Components {spread < 1} in u, each given by its two ends.
  const components: [number, number][] = [];
  for (let k = 0; k <= poles.length; k++) {
    const from = k === 0 ? poles[0]! - 4 * size : poles[k - 1]!;
    const to = k === poles.length ? poles.at(-1)! + 4 * size : poles[k]!;
    if (k === 0 || k === poles.length) {
      if (k === 0) components.push([-Infinity, bisect((u) => spread(u) - 1, from, to)]);
      else components.push([bisect((u) => spread(u) - 1, to, from), Infinity]);
      continue;
    }
    let [a, b] = [from, to];
    for (let i = 0; i < 300; i++) {
      const [p, q] = [a + (b - a) * 0.382, a + (b - a) * 0.618];
      if (spread(p) < spread(q)) b = q;
      else a = p;
    }
    const low = (a + b) / 2;
    if (spread(low) >= 1) continue;
    components.push([bisect((u) => spread(u) - 1, low, from), bisect((u) => spread(u) - 1, low, to)]);
  }
  // x falls as u grows: the first component is x above everything.
  const ends = components.map(([from, to]) => ({
    top: from === -Infinity ? Infinity : inverse(from),
    bottom: to === Infinity ? -Infinity : inverse(to),
    from,
    to,
  }));
  const support = ends
    .slice(1)
    .map((component, k) => [component.top, ends[k]!.bottom] as const)
    .reverse();
  const edgeReciprocals = new Map(
    ends.flatMap(
      ({ top, bottom, from, to }) =>
        [
          [top, from],
          [bottom, to],
        ] as [number, number][],
    ),
  );

  function stieltjes({ re, im }: Complex): Complex {
    if (im === 0) {
      const inside = ends.find(({ top, bottom }) => re > bottom && re < top)!;
      const far = 10 * (Math.abs(re) + size);
      const u = bisect((v) => re - inverse(v), Math.max(inside.from, -far), Math.min(inside.to, far));
      return { re: 1 / u, im: 0 };
    }
    if (im < 0) {
      const { re: real, im: imaginary } = stieltjes({ re, im: -im });
      return { re: real, im: -imaginary };
    }
    let m: Complex = { re: 0, im: 0 };
    const steps = 60;
    for (let step = 0; step <= steps; step++) {
      const height = im * ((20 * size) / im + 1) ** (1 - step / steps);
      if (step === 0) m = divide({ re: -1, im: 0 }, { re, im: height });
      m = newton(m, { re, im: height });
    }
    return m;
  }

  function newton(start: Complex, z: Complex): Complex {
    let m = start;
    for (let i = 0; i < 50; i++) {
      let value = divide({ re: -1, im: 0 }, m);
      const inverseSquare = divide({ re: 1, im: 0 }, multiply(m, m));
      let slope = inverseSquare;
      value = { re: value.re - z.re, im: value.im - z.im };
      for (let k = 0; k < nodes.length; k++) {
        const share = divide(
          { re: nodes[k]!, im: 0 },
          { re: 1 + aspectRatio * nodes[k]! * m.re, im: aspectRatio * nodes[k]! * m.im },
        );
        const square = multiply(share, share);
        value = { re: value.re + shares[k]! * share.re, im: value.im + shares[k]! * share.im };
        slope = {
          re: slope.re - aspectRatio * shares[k]! * square.re,
          im: slope.im - aspectRatio * shares[k]! * square.im,
        };
      }
      const step = divide(value, slope);
      m = { re: m.re - step.re, im: m.im - step.im };
      if (Math.hypot(step.re, step.im) < 1e-15 * Math.hypot(m.re, m.im)) break;
    }
    return m;
  }

  const unused = (): never => {
    throw new Error('the reference law of the tests has no such method');
  };
  const zero = nodes.reduce((sum, a, i) => sum + (a === 0 ? shares[i]! : 0), 0);
  const atZero = Math.max(0, 1 - (1 - zero) / aspectRatio);
  return {
    aspectRatio,
    weights: measure,
    support,
    atoms: atZero > 0 ? [{ at: 0, mass: atZero }] : [],
    stieltjes,
    boundaryStieltjes: (x) => {
      const u = edgeReciprocals.get(x);
      return u === undefined ? stieltjes({ re: x, im: 0 }) : { re: 1 / u, im: 0 };
    },
    density: unused,
    cdf: unused,
    survival: unused,
    densities: unused,
    cdfs: unused,
    quantile: unused,
    moment: unused,
    diagnostics: { converged: true, residual: 0, nodes: nodes.length, notes: [] },
  };
}

export function multiply(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

export function divide(a: Complex, b: Complex): Complex {
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}
