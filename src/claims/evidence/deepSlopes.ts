import { lineThroughMeans, type LineFit } from '../../../simulations/comparisons/index.js';
import { wrongDeepLaws, type WrongDeepLaw } from '../../draws/check/index.js';
import type { DeepLayer } from './deepEvidence.js';
import { wrongRatio } from './deepTests.js';
import { ratioOfMoments } from './ratioScore.js';

/** The line in log r against log C, or against the log of the width where all layers have one. */
export interface LogSlope {
  readonly layers: readonly DeepLayer[];
  readonly variable: 'C' | 'n';
  readonly measured: LineFit;
  /** Through the predictions; its standard error is what they leave out. */
  readonly predicted: LineFit;
  /** Slopes through what wrong laws say, those that say something of every one of the layers. */
  readonly wrong: ReadonlyMap<WrongDeepLaw, number>;
}

export function logSlope(layers: readonly DeepLayer[], variable: 'C' | 'n'): LogSlope {
  const x = layers.map(({ network }) => Math.log(variable === 'C' ? network.classes : network.widths[0]!));
  const line = (
    points: readonly { readonly ratio: number; readonly error: number; readonly degrees: number }[],
  ): LineFit =>
    lineThroughMeans(
      points.map(({ ratio, error, degrees }, k) => ({
        x: x[k]!,
        mean: Math.log(ratio),
        variance: (error / ratio) ** 2,
        degrees,
      })),
      0.95,
    );
  const exact = (ratio: number) => ({ ratio, error: 0, degrees: Infinity });
  return {
    layers,
    variable,
    measured: line(layers.map(({ moments }) => ({ ...ratioOfMoments(moments), degrees: moments.count - 1 }))),
    predicted: line(layers.map(({ stated: { ratio, error } }) => ({ ratio, error, degrees: Infinity }))),
    wrong: new Map(
      wrongDeepLaws.flatMap((law): [WrongDeepLaw, number][] => {
        const ratios = layers.flatMap((each) => wrongRatio(each, law) ?? []);
        return ratios.length < layers.length ? [] : [[law, line(ratios.map(exact)).slope]];
      }),
    ),
  };
}

/**
 * Gap of two slopes in standard errors of the measured one and of what the predictions leave out.
 *
 * @param share times as many draws
 * @param from the measured slope where it is not said
 */
export function slopeScore({ measured, predicted }: LogSlope, slope: number, share = 1, from = measured.slope): number {
  return (from - slope) / Math.hypot(measured.standardError / Math.sqrt(share), predicted.standardError);
}
