/** How matrices of a stated law are drawn for a comparison. */
import type { WeightSigns } from '../../../../simulations/comparisons/index.js';
import type { Backend } from '../../../../simulations/contracts.js';
import type { Alternative } from '../alternatives.js';
import type { FittedParameter } from '../fittedParameter.js';
import type { SpectrumSampler } from '../spectrumSampler.js';

export interface DrawSizes {
  readonly backend: Backend;
  /** Order of the matrix. */
  readonly order: number;
  /** N; NaN for an ensemble without samples. */
  readonly samples: number;
  /** Independent matrices of a set. */
  readonly draws: number;
  /** On every eigenvalue. */
  readonly scale: number;
}

/** An ensemble as a comparison draws it. */
export interface EnsembleDraws {
  /** What is drawn, as a sentence names it. */
  describe(samples: number): string;
  sampler(sizes: DrawSizes): SpectrumSampler;
  /** Of draw r of a set; `samples` is undefined where N is not known exactly. */
  signs(draw: number, order: number, scale: number, samples: number | undefined): WeightSigns;
  /** Whether the traces of a matrix of this kind fluctuate as in its draws. */
  readonly hasExactTraces: boolean;
  alternatives(fit: readonly FittedParameter[]): Alternative[];
}
