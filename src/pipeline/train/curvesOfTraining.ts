/** Laws of a training as curves, for the set-ups that they are known for. */
import type { LeastSquaresCurves, ResidualPartCurves, TrainCurves, TrainRun } from '../../../figures/trainResult.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import { leastSquaresTraining, residualPartLaw } from '../../../theory/dynamics/index.js';
import { modelTraits, optimisers, takesSetting } from '../../../theory/names.js';
import { initialisationScheme } from '../../../theory/network/initialisationScheme.js';
import { fourDigits } from '../../draws/fourDigits.js';
import { applicableLaw } from '../../draws/sweep/applicableLaw.js';
import type { TrainRequest } from './request.js';

const points = 401;

export function curvesOfTraining(request: TrainRequest, runs: readonly TrainRun[]): TrainCurves {
  const isKnown = hasRandomLabels(request) && hasIsotropicInputs(request);
  const hasStart = runs.some(({ marks }) => marks.some(({ step }) => step === 0));
  return {
    residualPart: isKnown && hasStart ? residualPartCurves(request) : null,
    leastSquares: isKnown ? leastSquaresCurves(request) : null,
  };
}

/** Of labels that are independent of the inputs. */
const hasRandomLabels = ({ about }: TrainRequest): boolean => about.labels === 'random';

/** Inputs whose laws are those of Gaussian ones with identity covariance. */
function hasIsotropicInputs({ about: { settings }, training }: TrainRequest): boolean {
  if (training === null) return false;
  const { inputs } = training;
  return (
    applicableLaw({ settings, inputs }, modelTraits[settings.model].weightedLayer, 'diagonal').name === 'given weights'
  );
}

/** Of √N R. At more samples a class than the law is summed for it is the limit itself. */
function residualPartCurves({ about: { settings } }: TrainRequest): ResidualPartCurves | null {
  if (!takesSetting(settings.model, 'activation')) return null;
  const { dimension, samples, classes, activation } = settings;
  const { hidden } = initialisationScheme(settings.initialisation, settings);
  const sizes = {
    dimensionsPerClass: dimension / classes,
    activation,
    preactivationVariance: hidden!.varianceFactor,
  };
  const perClass = samples / classes;
  const limit = residualPartLaw({ ...sizes, samplesPerClass: Infinity }).residual;
  const own = perClass > 1e4 ? limit : residualPartLaw({ ...sizes, samplesPerClass: perClass }).residual;
  // The Poisson law has a long thin tail; what is shown is all but a two-thousandth of it.
  const reach = 1.1 * Math.max(limit.support.at(-1)![1], own.quantile(0.9995));
  // The gap beside an atom at 0 is narrower than any bin.
  const x = Array.from({ length: points }, (_, k) => fourDigits((reach * (2 * k - points + 1)) / (points - 1))).filter(
    (value) => Math.abs(value) > 0.015 * reach,
  );
  const densityOf = (law: SpectralLaw) => Array.from(law.densities(Float64Array.from(x)), finite);
  const atomOf = ({ atoms }: SpectralLaw) => fourDigits(atoms.find(({ at }) => at === 0)?.mass ?? 0);
  return { x, density: densityOf(own), limitDensity: densityOf(limit), atom: atomOf(own), limitAtom: atomOf(limit) };
}

/** f = Vx by full-batch descent at one rate; losses and norms are sums over outputs, each with targets 0 or 1. */
function leastSquaresCurves({ about: { settings, plan } }: TrainRequest): LeastSquaresCurves | null {
  if (plan === null || settings.loss !== 'mse' || modelTraits[settings.model].layers.length > 1) return null;
  const { fullBatch, plain } = optimisers[plan.optimiser];
  if (!fullBatch || !plain || plan.schedule !== 'constant' || plan.steps === 0) return null;
  const { dimension, samples, classes, model, width } = settings;
  const { output } = initialisationScheme(settings.initialisation, { model, dimension, width, classes });
  const training = leastSquaresTraining({
    aspectRatio: dimension / samples,
    // Σ_j E y_j² = 1, and E‖V‖².
    noise: 1,
    start: classes * output.varianceFactor,
    target: 0,
  });
  const steps = [...new Set(Array.from({ length: 101 }, (_, k) => Math.round((plan.steps * k) / 100)))];
  const states = steps.map((step) => training.afterSteps(step, plan.learningRate));
  if (!states.every(({ freshLoss }) => Number.isFinite(freshLoss))) return null;
  return {
    steps,
    trainingLoss: states.map(({ trainingLoss }) => trainingLoss),
    freshLoss: states.map(({ freshLoss }) => freshLoss),
    gradientPower: states.map(({ gradientPower }) => gradientPower),
  };
}

/** A density may be unbounded at a point. */
const finite = (value: number): number => (Number.isFinite(value) ? fourDigits(value) : 0);
