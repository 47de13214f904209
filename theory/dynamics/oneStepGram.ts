import { requireLogitVariance, requirePositive } from '../requirements.js';
import { softmaxMoment } from '../weights/softmaxMoment.js';
import { requireFewClasses } from './requireFewClasses.js';

/** A linear model at initialisation, and the step it takes. */
export interface OneStepGramOptions {
  readonly classes: number;
  /** s² of the logits at initialisation, V_0 V_0ᵀ → s² I; in (0, 4]. */
  readonly logitVariance: number;
  /** η. */
  readonly learningRate: number;
  /** γ = d/N. */
  readonly aspectRatio: number;
}

/**
 * The limit of the Gram matrix of (V_0, V_1), 2C×2C row-major, after one full-batch gradient step of the linear model
 * under cross-entropy with random labels: the covariance of a fresh input's logits before and after.
 *
 * V_1 = V_0 − (η/N) Σ r_n x_nᵀ. In the span of V_0 the sum tends to its mean A V_0, A = E[diag p − ppᵀ] (Stein); off it
 * the inputs are independent of r and its Gram tends to γ E rrᵀ. With J = 11ᵀ/C and exchangeable classes A = α(I − J), α
 * = (1 − C E p_1²)/(C − 1), and E rrᵀ = (2/C − α)(I − J), so with M = I − ηA
 *
 *   [[s² I, s² M], [s² M, s² M² + η²γ (2/C − α)(I − J)]].
 *
 * @throws UsageError for numbers out of range
 */
export function oneStepGram(options: OneStepGramOptions): Float64Array {
  const { classes, logitVariance, learningRate, aspectRatio } = options;
  const caller = 'oneStepGram';
  requireFewClasses(caller, classes);
  requireLogitVariance(caller, logitVariance);
  requirePositive(caller, 'learningRate', learningRate);
  requirePositive(caller, 'aspectRatio', aspectRatio);
  const square = softmaxMoment({ classes, logitVariance, exponents: [2] });
  const slope = (1 - classes * square) / (classes - 1);
  const noise = learningRate ** 2 * aspectRatio * (2 / classes - slope);
  const contracted = 1 - learningRate * slope;
  // Along 1 a step changes nothing: each matrix is (its value off 1) (I − J) + s² J.
  const off = [logitVariance, logitVariance * contracted, logitVariance * contracted ** 2 + noise];
  const size = 2 * classes;
  const gram = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const value = off[Number(row >= classes) + Number(column >= classes)];
      const same = row % classes === column % classes ? 1 : 0;
      gram[row * size + column] = value * (same - 1 / classes) + logitVariance / classes;
    }
  return gram;
}
