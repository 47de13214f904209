/** Layers of deep networks below the last stop falling with the number of classes, at a floor that the widths make. */
import type { Measurement } from '../../figures/results.js';
import { counted } from '../../figures/text.js';
import { studentTwoSided } from '../../simulations/comparisons/index.js';
import type { WrongDeepLaw } from '../draws/check/index.js';
import { defineClaim, headlineOf } from './claim.js';
import type { ClaimDraft, JudgeContext, TestDraft } from './claim.js';
import {
  deepLayers,
  deepLosses,
  deepRegime,
  deepSeries,
  deepTasks,
  groupBy,
  type DeepLayer,
} from './evidence/deepEvidence.js';
import { logSlope, slopeScore, type LogSlope } from './evidence/deepSlopes.js';
import { chiSquareCandidate, deepPowers, ratioCandidates, ratioTest } from './evidence/deepTests.js';
import type { PowerCandidate } from './evidence/lawEvidence.js';
import { nameTest } from './evidence/nameTest.js';
import { pooledTests } from './evidence/pooledTests.js';

export const deepSaturation = defineClaim({
  id: 'deep-saturation',
  title: 'Saturation in deep networks',
  statement: String.raw`Below the last layer of a deep network the ratio of squared norms of blocks off and on the diagonal falls with $C$ only as long as $C$ is below the widths above; then it stays at a floor that is of order one over these widths. In the last layer it goes on falling like $1/C$.`,
  formula: String.raw`r_\ell \;\to\; r_\ell^\infty > 0 \ (\ell < L),\qquad r_\ell^\infty = O\Bigl(\sum_{k>\ell} \frac2{n_k}\Bigr);\qquad r_L \sim \frac{\mathrm{const}}{C}`,
  plan: (context) => {
    const { before, after, floors } = context.preset.deep.saturation;
    return deepLosses.flatMap((loss) =>
      Object.entries({ before, after, floors }).flatMap(([part, settings]) =>
        settings.flatMap((setting) => deepTasks(context, `deep-saturation/${part}`, loss, setting)),
      ),
    );
  },
  judge,
});

/** Layers of one position under one loss: r over C on either side of the crossover, and at the most classes over widths. */
interface Position {
  readonly regime: string;
  readonly slopes: readonly LogSlope[];
  /** Empty in the last layer, which has no floor. */
  readonly floors: readonly DeepLayer[];
}

function judge({ finished, preset }: JudgeContext): ClaimDraft {
  const { before, after } = preset.deep.saturation;
  const layers = deepLayers(finished).filter(({ moments }) => moments.count > 2);
  const positions = groupBy(layers, deepRegime).map(([regime, own]): Position => {
    const shape = own.filter(({ network }) => network.widths.join() === before[0]!.widths.join());
    const between = (settings: readonly { readonly classes: number }[]): DeepLayer[] =>
      shape.filter(({ network }) => settings.some(({ classes }) => classes === network.classes));
    const most = Math.max(...own.map(({ network }) => network.classes));
    return {
      regime,
      slopes: [between(before), between(after)].filter((side) => side.length > 1).map((side) => logSlope(side, 'C')),
      floors: own[0]!.stated.floor > 0 ? own.filter(({ network }) => network.classes === most) : [],
    };
  });
  const measurements = positions.flatMap(({ slopes, floors }) => [
    ...slopes.map(slopeMeasurement),
    ...(floors.length > 1 ? [slopeMeasurement(logSlope(floors, 'n'))] : []),
  ]);
  const headline = measurements.findLast(({ quantity }) => /first layer.*C = .* to/.test(quantity));
  return {
    ...headlineOf(headline, 'exponent of r in C'),
    measurements,
    sentences: [],
    spectra: [],
    distances: [],
    ratioCurves: [],
    deepRatios: deepSeries(layers),
    tests: positions.flatMap(testsOf),
    exactFailures: [],
    powers: (testLevel) =>
      deepPowers(deepLosses, ['C alone', 'first width', 'last width'], (loss, law) =>
        positions
          .filter(({ slopes }) => slopes[0]?.layers[0]!.network.loss === loss)
          .flatMap((position) => candidatesOf(position, law, testLevel)),
      ),
    notes: [
      'Slopes are those of the same line through predictions; over the crossover none is fitted. What is said of one hidden layer, that the ratio falls like 1/C, does not hold below the last of several.',
    ],
    arrays: new Map(),
  };
}

function slopeMeasurement({ layers, variable, measured, predicted }: LogSlope): Measurement {
  const sizes = layers.map(({ network }) => (variable === 'C' ? network.classes : network.widths[0]!));
  const range = `${variable} = ${Math.min(...sizes)} to ${Math.max(...sizes)}`;
  const at = variable === 'C' ? '' : ` at C = ${layers[0]!.network.classes}`;
  return {
    quantity: `slope of log r against log ${variable}, ${deepRegime(layers[0]!)}, ${range}${at}`,
    predicted: predicted.slope,
    measured: measured.slope,
    interval: { lower: measured.interval[0], upper: measured.interval[1], level: 0.95 },
    ...(variable === 'C' ? {} : { judged: false as const }),
  };
}

function testsOf({ regime, slopes, floors }: Position): TestDraft[] {
  const pooled = pooledTests(
    slopes.map((slope) => {
      const z = slopeScore(slope, slope.predicted.slope);
      const { degrees } = slope.measured;
      return { z, degrees, pValue: studentTwoSided(z, degrees) };
    }),
  );
  return [
    ...(slopes.length === 0
      ? []
      : [
          {
            ...nameTest(regime, 'exponent of C before and after the crossover'),
            statistic: `sum of squared normal scores of slopes of log r against log C, ${counted(pooled.degrees, 'degree')} of freedom`,
            observed: pooled.statistic,
            null: 'slope of the same line through the recursion, with the size of what that leaves out; spread of the draws',
            pValue: pooled.pValue,
            replicates: 0,
          },
        ]),
    ...(floors.length === 0
      ? []
      : [ratioTest(floors, `ratio of squared norms at C = ${floors[0]!.network.classes}, at every width`)]),
  ];
}

function candidatesOf({ slopes, floors }: Position, law: WrongDeepLaw, testLevel: number): PowerCandidate[] {
  const known = slopes.every((slope) => slope.wrong.has(law));
  const draws = slopes.flatMap(({ layers }) => layers).reduce((sum, { moments }) => sum + moments.count, 0);
  return [
    ...(known && slopes.length > 0
      ? [
          chiSquareCandidate(draws, testLevel, (share) =>
            slopes.map((slope) => slopeScore(slope, slope.wrong.get(law)!, share, slope.predicted.slope)),
          ),
        ]
      : []),
    ...ratioCandidates(floors, law, testLevel),
  ];
}
