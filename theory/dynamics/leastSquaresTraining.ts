import { UsageError } from '../errors.js';
import { requirePositive } from '../requirements.js';
import { marchenkoPasturRule, type MarchenkoPasturRule } from './marchenkoPasturRule.js';

/** One output of the linear model under squared error: y = v*·x + ε, x ~ N(0, I_d), N samples. */
export interface LeastSquaresOptions {
  /** γ = d/N, from 1e-6 to 1e6. */
  readonly aspectRatio: number;
  /** Variance of ε; of random labels, the variance of y. */
  readonly noise: number;
  /** ‖v_0‖²; default 1 (LeCun). */
  readonly start?: number;
  /** ‖v*‖²; default 1. 0 for labels that do not depend on x. */
  readonly target?: number;
  /** v_0·v*; default 0, its limit for a start drawn apart. */
  readonly overlap?: number;
  /** ρ ≥ 0 in v ← v − η(∂L + ρv); default 0. */
  readonly ridge?: number;
}

/** Per output; the losses are half mean squares, without the ridge's term. */
export interface LeastSquaresState {
  readonly trainingLoss: number;
  readonly freshLoss: number;
  /** ‖(1/N) Xᵀ r‖², r = f − y on the training data. */
  readonly gradientPower: number;
}

/** Losses of a linear model along its training, in the limit of large sizes. */
export interface LeastSquaresTraining {
  /** The least learning rate for which gradient descent does not converge: 2/(λ₊ + ρ), λ₊ = (1 + √γ)². */
  readonly largestRate: number;
  /**
   * After a whole number of steps, or Infinity. Above `largestRate` it is the same law, which then grows like (η(λ₊ + ρ)
   * − 1)^{2k}: Infinity beyond the range of numbers.
   *
   * @throws UsageError for steps or a rate out of range, and for Infinity where there is no limit
   */
  afterSteps(steps: number, learningRate: number): LeastSquaresState;
  /** After a time t of gradient flow, v′ = −(∂L + ρv): the limit of t/η steps as η → 0. Infinity is allowed. */
  afterTime(time: number): LeastSquaresState;
}

/** What training makes of one direction of the Hessian XᵀX/N, of eigenvalue λ. */
interface Mode {
  /** (1 − η(λ + ρ))^k: the share of v_0 that is left. */
  readonly kept: number;
  /** 1 − `kept`, to its own digits. */
  readonly lost: number;
}

/**
 * Loss, gradient and risk of least squares along full-batch gradient descent, as d, N → ∞ at d/N → γ. With μ the
 * Marčenko–Pastur law, ψ = (1 − η(λ + ρ))^k, the share of the target that is not learnt u = (ρ + λψ)/(λ + ρ), and b =
 * ‖v_0‖² ψ² − 2 v_0·v* ψu + ‖v*‖² u² the squared error of v in a direction, per output,
 *
 *   2 L_train = ∫λ b dμ + σ²(max(0, 1 − γ) + γ ∫_{λ>0} u² dμ),   ‖(1/N) Xᵀ r‖² = ∫λ² b dμ + σ² γ ∫ λ u² dμ,
 *   2 L_fresh = σ² + ∫ b dμ + σ² γ ∫_{λ>0} λ (1 − ψ)²/(λ + ρ)² dμ.
 *
 * Without ridge u = ψ, and b = ‖v_0 − v*‖² ψ² (Ali, Kolter and Tibshirani 2019; Advani and Saxe 2017; the ridge derived
 * here by the same expansion in singular vectors). Relative error below 1e-12 for k up to 1e6 (against mpmath; rule:
 * `marchenkoPasturRule`). The Hessian is constant: with γ < 1 the gradient vanishes at the positive loss σ²(1 − γ)/2.
 *
 * @throws UsageError for numbers out of range
 */
export function leastSquaresTraining(options: LeastSquaresOptions): LeastSquaresTraining {
  const setting = checkedSetting(options);
  const { aspectRatio, ridge } = setting;
  const rule = marchenkoPasturRule(aspectRatio);
  const largestRate = 2 / ((1 + Math.sqrt(aspectRatio)) ** 2 + ridge);
  return {
    largestRate,
    afterSteps(steps, learningRate) {
      requirePositive('leastSquaresTraining', 'learningRate', learningRate);
      if (!(steps >= 0 && (Number.isSafeInteger(steps) || steps === Infinity)))
        throw new UsageError(
          `leastSquaresTraining: steps must be a whole number of at least 0, or Infinity, got ${steps}`,
        );
      if (steps === Infinity && !(learningRate < largestRate))
        throw new UsageError(
          `leastSquaresTraining: at learningRate ${learningRate} steps have no limit: it must be below 2/(λ₊ + ridge) = ${largestRate}`,
        );
      return stateOf(setting, rule, steps === Infinity, (rate) => afterSteps(learningRate * rate, steps));
    },
    afterTime(time) {
      if (!(time >= 0)) throw new UsageError(`leastSquaresTraining: time must be at least 0, got ${time}`);
      return stateOf(setting, rule, time === Infinity, (rate) => afterTime(rate === 0 ? 0 : rate * time));
    },
  };
}

/** (1 − x)^k and its complement. */
function afterSteps(x: number, steps: number): Mode {
  if (x === 0 || steps === 0) return { kept: 1, lost: 0 };
  if (x < 1) return afterTime(-steps * Math.log1p(-x));
  const size = x === 1 ? 0 : Math.exp(steps * Math.log(x - 1));
  const kept = steps % 2 === 0 ? size : -size;
  return { kept, lost: 1 - kept };
}

function afterTime(decay: number): Mode {
  return { kept: Math.exp(-decay), lost: -Math.expm1(-decay) };
}

/** @param modeAt what training makes of a direction that decays at the rate λ + ρ */
function stateOf(
  setting: Required<LeastSquaresOptions>,
  { nodes, masses, atZero }: MarchenkoPasturRule,
  inTheEnd: boolean,
  modeAt: (rate: number) => Mode,
): LeastSquaresState {
  const { aspectRatio, noise, start, target, overlap, ridge } = setting;
  const squaredError = (kept: number, missing: number): number =>
    start * kept * kept - 2 * overlap * kept * missing + target * missing * missing;
  const sums = { training: 0, gradient: 0, fresh: atZero * squaredError(modeAt(ridge).kept, 1) };
  for (let n = 0; n < nodes.length; n++) {
    const value = nodes[n];
    const { kept, lost } = modeAt(value + ridge);
    const missing = (ridge + value * kept) / (value + ridge);
    const own = value * squaredError(kept, missing) + noise * aspectRatio * missing * missing;
    sums.training += masses[n] * own;
    sums.gradient += masses[n] * value * own;
    const spread = (value * lost * lost) / (value + ridge) ** 2;
    sums.fresh += masses[n] * (squaredError(kept, missing) + noise * aspectRatio * spread);
  }
  // At γ = 1 the noise that is learnt in the end, ∫ dμ/λ, is infinite.
  const noiseDiverges = inTheEnd && aspectRatio === 1 && ridge === 0 && noise > 0;
  return {
    trainingLoss: finiteOrInfinite((sums.training + noise * Math.max(0, 1 - aspectRatio)) / 2),
    freshLoss: noiseDiverges ? Infinity : finiteOrInfinite((sums.fresh + noise) / 2),
    gradientPower: finiteOrInfinite(sums.gradient),
  };
}

/** Sums of powers beyond the range of numbers may have met as ∞ − ∞ or 0·∞. */
function finiteOrInfinite(value: number): number {
  return Number.isFinite(value) ? value : Infinity;
}

function checkedSetting(options: LeastSquaresOptions): Required<LeastSquaresOptions> {
  const setting = { start: 1, target: 1, overlap: 0, ridge: 0, ...options };
  const { aspectRatio, start, target, overlap } = setting;
  if (!(aspectRatio >= 1e-6 && aspectRatio <= 1e6))
    throw new UsageError(`leastSquaresTraining: aspectRatio must lie between 1e-6 and 1e6, got ${aspectRatio}`);
  for (const name of ['noise', 'start', 'target', 'ridge'] as const)
    if (!(setting[name] >= 0 && Number.isFinite(setting[name])))
      throw new UsageError(`leastSquaresTraining: ${name} must be a finite number of at least 0, got ${setting[name]}`);
  if (!(Math.abs(overlap) <= Math.sqrt(start * target) * (1 + 1e-12)))
    throw new UsageError(
      `leastSquaresTraining: overlap must be at most √(start·target) = ${Math.sqrt(start * target)} in size, got ${overlap}`,
    );
  return setting;
}
