import { complexLogGamma } from '../numerics/complexLogGamma.js';
import type { GridDensity, LogRatioOptions } from './gridDensity.js';
import { softmaxTransform } from './softmaxTransform.js';

/** Wide enough for W and for the law it is recovered from when s ≤ 2, out to 1e-17. */
const period = 90;

/** Step in log t; the trapezoidal error is then below 1e-17 of the peak after division by Γ. */
const argumentStep = 0.14;

/**
 * Density of W = u − log S by its Mellin transform (see `logRatioLaw`), s ≥ 0.6.
 *
 * With T exponential and independent of S, P(T/S > t) = ψ_0(t)^n, so q(τ) = n e^τ ψ_1 ψ_0^{n−1} is the density of log T
 * − log S and E[e^{rW}] = e^{r²σ²/2} ∫ e^{rτ} q(τ) dτ / Γ(1 + r). The line Re r = c gives the density times e^{cw};
 * each w takes it from the line on which rounding matters least there, so the right tail keeps its relative accuracy.
 */
export function mellinDensity(options: LogRatioOptions): GridDensity {
  const { count, logitVariance, numeratorVariance, largestTilt, step } = options;
  const source = ratioToExponential(count, logitVariance, largestTilt);
  const tilts: number[] = [0, 0.5];
  for (let tilt = 1; tilt < largestTilt; tilt += tilt < 4 ? 1 : 2) tilts.push(tilt);
  tilts.push(largestTilt);
  const turns = turnsOf(source);
  const lines = tilts.map((tilt) => mellinLine(source, turns, numeratorVariance, tilt));

  const centre = source.centre;
  // Grid points are whole multiples of the step, so that halving the step keeps the old points.
  const first = Math.ceil((centre - period / 2) / step);
  const length = Math.floor((centre + period / 2) / step) - first + 1;
  // One run of grid points around the centre, whatever rounding does far out.
  const points: number[] = [];
  const density: number[] = [];
  for (let k = 0; k < length; k += 1) {
    const w = (first + k) * step;
    let best = lines[0];
    for (const line of lines) if (line.logScale - line.tilt * w < best.logScale - best.tilt * w) best = line;
    const relative = best.tiltedDensity(w);
    // Rounding leaves about 1e-16 of each line's scale; in the last line's far right and the first line's far left
    // nothing is left.
    if (relative < 1e-15) {
      if (w > centre) break;
      // What came before was rounding.
      points.length = 0;
      density.length = 0;
      continue;
    }
    points.push(w);
    density.push(relative * Math.exp(best.logScale - best.tilt * w));
  }
  return { points: Float64Array.from(points), step, density: Float64Array.from(density) };
}

interface Source {
  readonly arguments: Float64Array;
  readonly logDensity: Float64Array;
  readonly centre: number;
}

function ratioToExponential(count: number, logitVariance: number, largestTilt: number): Source {
  const transform = softmaxTransform(logitVariance);
  const logAt = (tau: number): number =>
    tau + Math.log(count) + transform.logMoment(1, tau) + (count - 1) * transform.logLaplace(tau);
  const centre = -Math.log(count) - logitVariance / 2;
  const upward: number[] = [];
  const downward: number[] = [];
  // On the most tilted line the mass sits further right; its terms must be followed until they too are below rounding.
  let tiltedTop = -Infinity;
  for (let k = 0; ; k += 1) {
    upward.push(logAt(centre + k * argumentStep));
    const tilted = upward[k] + largestTilt * k * argumentStep;
    tiltedTop = Math.max(tiltedTop, tilted);
    if (tilted < tiltedTop - 45) break;
  }
  for (let k = 1; ; k += 1) {
    downward.push(logAt(centre - k * argumentStep));
    if (downward[k - 1] < -45) break;
  }
  downward.reverse();
  return {
    arguments: Float64Array.from(
      { length: downward.length + upward.length },
      (_, k) => centre + (k - downward.length) * argumentStep,
    ),
    logDensity: Float64Array.from([...downward, ...upward]),
    centre,
  };
}

interface MellinLine {
  readonly tilt: number;
  /** log E[e^{cW}]. */
  readonly logScale: number;
  /** Density of W at w times e^{cw}/E[e^{cW}]. */
  tiltedDensity(w: number): number;
}

/** Cosines and sines of a frequency times each argument of the source. */
type Turns = (frequency: number) => { readonly cosines: Float64Array; readonly sines: Float64Array };

/** The lines take the same frequencies one after another. */
function turnsOf({ arguments: places, centre }: Source): Turns {
  const made = new Map<number, ReturnType<Turns>>();
  return (frequency) => {
    let turns = made.get(frequency);
    if (turns === undefined) {
      const angles = places.map((place) => frequency * (place - centre));
      turns = { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) };
      made.set(frequency, turns);
    }
    return turns;
  };
}

function mellinLine(source: Source, turnsAt: Turns, numeratorVariance: number, tilt: number): MellinLine {
  const logWeights = source.logDensity.map((value, k) => value + tilt * source.arguments[k]);
  const top = Math.max(...logWeights);
  const weights = logWeights.map((value) => Math.exp(value - top) * argumentStep);
  const frequencyStep = (2 * Math.PI) / period;
  const real: number[] = [];
  const imaginary: number[] = [];
  let logScale = 0;
  const base = complexLogGamma({ re: 1 + tilt, im: 0 }).re;
  for (let k = 0; ; k += 1) {
    const frequency = k * frequencyStep;
    let re = 0;
    let im = 0;
    const { cosines, sines } = turnsAt(frequency);
    for (let i = 0; i < weights.length; i += 1) {
      re += weights[i] * cosines[i];
      im += weights[i] * sines[i];
    }
    if (k === 0) logScale = top + Math.log(re) + 0.5 * tilt * tilt * numeratorVariance - base;
    const gamma = complexLogGamma({ re: 1 + tilt, im: frequency });
    const logFactor = top + 0.5 * (tilt * tilt - frequency * frequency) * numeratorVariance - gamma.re - logScale;
    const factor = Math.exp(logFactor);
    const turn = tilt * frequency * numeratorVariance - gamma.im;
    real.push(factor * (re * Math.cos(turn) - im * Math.sin(turn)));
    imaginary.push(factor * (re * Math.sin(turn) + im * Math.cos(turn)));
    if (-0.5 * frequency * frequency * numeratorVariance - gamma.re + base < -42) break;
    if (factor * Math.hypot(re, im) < 1e-18 && k > 8) break;
  }
  return {
    tilt,
    logScale,
    tiltedDensity: (w) => {
      const turnRe = Math.cos(frequencyStep * (w - source.centre));
      const turnIm = -Math.sin(frequencyStep * (w - source.centre));
      let re = 1;
      let im = 0;
      let sum = 0.5 * real[0];
      for (let k = 1; k < real.length; k += 1) {
        const turned = re * turnRe - im * turnIm;
        im = re * turnIm + im * turnRe;
        re = turned;
        sum += re * real[k] - im * imaginary[k];
      }
      return (sum * frequencyStep) / Math.PI;
    },
  };
}
