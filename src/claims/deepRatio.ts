/** Ratios of the blocks of deep networks at initialisation, layer by layer. */
import { defineClaim, headlineOf } from './claim.js';
import type { ClaimDraft, JudgeContext } from './claim.js';
import { deepLayers, deepLosses, deepRegime, deepSeries, deepTasks, groupBy } from './evidence/deepEvidence.js';
import { deepPowers, ratioCandidates, ratioTest, scaledRatio } from './evidence/deepTests.js';

export const deepRatio = defineClaim({
  id: 'deep-ratio',
  title: 'Layers of a deep network',
  statement: String.raw`In a ReLU network of several hidden layers at initialisation the ratio of squared norms of blocks off and on the diagonal is $O(1/(C_{\mathrm{eff}} + 2))$, where $C_{\mathrm{eff}}$ is how many outputs a layer can tell apart: the classes for the last layer, fewer below it, because every width above bounds them. A recursion from the outputs down gives the ratio of each layer at finite widths.`,
  formula: String.raw`Y \leftarrow k\bigl(k + \tfrac1n\bigr)Y + \tfrac kn Z,\quad Z \leftarrow \tfrac14 Z + \tfrac{2k}{n} Y,\qquad r_\ell = \frac{\overline{\kappa\, k_0^2\, Y}}{\overline{\kappa\, k_0 (Z + 2Y)}},\qquad \frac1{C_{\mathrm{eff}}} \approx \frac1C + \sum_{k>\ell} \frac2{n_k}`,
  plan: (context) =>
    deepLosses.flatMap((loss) =>
      context.preset.deep.ratio.flatMap((setting) => {
        // Under squared error the norms scatter less.
        const batches = loss === 'mse' ? Math.ceil(setting.batches / 2) : setting.batches;
        return deepTasks(context, 'deep-ratio', loss, { ...setting, batches });
      }),
    ),
  judge,
});

function judge({ finished }: JudgeContext): ClaimDraft {
  const layers = deepLayers(finished).filter(({ moments }) => moments.count > 2);
  const groups = groupBy(layers, deepRegime).map(([, own]) => own);
  const measurements = layers.map(scaledRatio);
  // Below the last layer under cross-entropy, where both the classes and the widths count.
  const headline = measurements[layers.findLastIndex(({ layer, network }) => layer === 1 && network.widths.length > 2)];
  return {
    ...headlineOf(headline, 'C · r'),
    measurements,
    sentences: [],
    spectra: [],
    distances: [],
    ratioCurves: [],
    deepRatios: deepSeries(layers),
    tests: groups.map((own) => ratioTest(own, 'ratio of squared norms, at every C and shape')),
    exactFailures: [],
    powers: (testLevel) =>
      deepPowers(deepLosses, ['C alone', 'first width', 'last width', 'He factor', 'leading'], (loss, law) =>
        // Under squared error too small to be told from what the ratios leave out.
        law === 'leading' && loss === 'mse'
          ? []
          : groups
              .filter(([first]) => first!.network.loss === loss)
              .flatMap((own) => ratioCandidates(own, law, testLevel)),
      ),
    notes: [
      'Predictions leave out the order 1/width² and, under cross-entropy, a part that falls with C; each test allows for a standard error of the size stated for them. Terms of order 1/width are seen by the last layer under cross-entropy; under squared error they are not much larger than what is left out.',
      'Under squared error no ratio knows the variance of the weights: a ReLU scales all blocks of a layer alike.',
    ],
    arrays: new Map(),
  };
}
