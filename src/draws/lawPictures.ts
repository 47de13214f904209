/** Pictures that need no draw: laws as C grows, supports as one parameter moves, a map of where outliers appear. */
import type { BlockKind, SpectralLaw } from '../../theory/contracts.js';
import type { LawCurve, LawFamily, PhaseMap, SupportCurve } from '../../figures/results.js';
import { NumericalError } from '../../theory/errors.js';
import { blockLaw } from '../../theory/models/index.js';
import { linearCrossEntropyOutliers } from '../../theory/outliers/index.js';
import type { GmpLaw, SoftmaxScaling } from '../../theory/index.js';
import { crowdedPoints } from './spectrumPicture.js';

export interface LawPictures {
  readonly lawFamilies: readonly LawFamily[];
  readonly supportCurves: readonly SupportCurve[];
  readonly phaseMaps: readonly PhaseMap[];
}

const blocks: readonly BlockKind[] = ['diagonal', 'off-diagonal'];
const classesShown = [3, 10, 100, 1000] as const;
const curvePoints = 300;
/** Names of the pictures, so that workers can share them out. */
export const lawPictureNames = [
  'family',
  'support by classes',
  'support by aspect ratio',
  'support by logit variance',
  'outlier map',
] as const;
export type LawPictureName = (typeof lawPictureNames)[number];

/** One picture for both blocks, of the linear cross-entropy model at logit variance 1 unless a parameter moves it. */
export function lawPicture(name: LawPictureName, aspectRatio: number): LawPictures {
  const none: LawPictures = { lawFamilies: [], supportCurves: [], phaseMaps: [] };
  switch (name) {
    case 'family':
      return { ...none, lawFamilies: blocks.map((block) => lawFamily(block, aspectRatio)) };
    case 'support by classes':
      return { ...none, supportCurves: blocks.map((block) => supportByClasses(block, aspectRatio)) };
    case 'support by aspect ratio':
      return { ...none, supportCurves: blocks.map(supportByAspectRatio) };
    case 'support by logit variance':
      return { ...none, supportCurves: blocks.map((block) => supportByVariance(block, aspectRatio)) };
    case 'outlier map':
      return { ...none, phaseMaps: blocks.map(outlierMap) };
  }
}

export function joinLawPictures(pictures: readonly LawPictures[]): LawPictures {
  return {
    lawFamilies: pictures.flatMap(({ lawFamilies }) => lawFamilies),
    supportCurves: pictures.flatMap(({ supportCurves }) => supportCurves),
    phaseMaps: pictures.flatMap(({ phaseMaps }) => phaseMaps),
  };
}

function linearLaw(
  block: BlockKind,
  setting: Setting,
  scaling: SoftmaxScaling,
): { readonly law: SpectralLaw; readonly outline: () => GmpLaw } {
  const { law, outline } = blockLaw({ model: 'linear', loss: 'ce', layer: 'output', block, scaling, ...setting });
  if (law === undefined || outline === undefined)
    throw new NumericalError(`no limit law of the ${block} block at C = ${setting.classes}`);
  return { law, outline };
}

function rateLaw(block: BlockKind, classes: number, aspectRatio: number): SpectralLaw {
  return linearLaw(block, { classes, logitVariance: 1, aspectRatio }, 'rate').law;
}

function lawFamily(block: BlockKind, aspectRatio: number): LawFamily {
  const limitLaw = rateLaw(block, Infinity, aspectRatio);
  // The lognormal limit reaches far out; what is shown is all but a thousandth of it.
  const window: readonly [number, number] =
    block === 'diagonal' ? [0, limitLaw.quantile(0.999)] : [limitLaw.quantile(0.001), 0];
  const curve = (law: SpectralLaw): Omit<LawCurve, 'value'> => {
    const [lower, upper] = [
      Math.max(window[0], law.support[0]![0]),
      Math.min(window[1], law.support[law.support.length - 1]![1]),
    ];
    const x = crowdedPoints([lower, upper], curvePoints);
    return { x, density: Array.from(law.densities(Float64Array.from(x))) };
  };
  const distanceTo = (law: SpectralLaw): number => {
    const x = Float64Array.from({ length: 2000 }, (_, k) => window[0] + ((window[1] - window[0]) * (k + 0.5)) / 2000);
    const limit = limitLaw.cdfs(x);
    return law.cdfs(x).reduce((largest, value, k) => Math.max(largest, Math.abs(value - limit[k]!)), 0);
  };
  return {
    id: `linear-ce-${block}`,
    label: `linear cross-entropy, ${block} block`,
    model: 'linear',
    loss: 'ce',
    block,
    aspectRatio,
    logitVariance: 1,
    parameter: 'C',
    scaling: block === 'diagonal' ? 'C' : 'C^2',
    curves: classesShown.map((classes) => {
      const law = rateLaw(block, classes, aspectRatio);
      return { value: classes, ...curve(law), distanceToLimit: distanceTo(law) };
    }),
    limit: { value: 'inf', ...curve(limitLaw) },
  };
}

/** Lattice of the outliers' cubature: places are wanted to the width of a line. */
const pictureLattice = { points: 512, shifts: 4 };

interface Setting {
  readonly classes: number;
  readonly logitVariance: number;
  readonly aspectRatio: number;
}

function edgesAndOutliers(block: BlockKind, { classes, logitVariance, aspectRatio }: Setting) {
  const { law, outline } = linearLaw(block, { classes, logitVariance, aspectRatio }, 'raw');
  const outliers = linearCrossEntropyOutliers({ law: outline(), classes, logitVariance, block, ...pictureLattice });
  const scale = block === 'diagonal' ? classes : classes ** 2;
  return {
    lower: law.support[0]![0] * scale,
    upper: law.support[law.support.length - 1]![1] * scale,
    outliers: outliers.flatMap(({ at, multiplicity }) => new Array<number>(multiplicity).fill(at * scale)),
  };
}

function supportCurve(
  block: BlockKind,
  parameter: SupportCurve['parameter'],
  fixed: string,
  values: readonly number[],
  settingOf: (value: number) => Setting,
): SupportCurve {
  const found = values.map((value) => edgesAndOutliers(block, settingOf(value)));
  return {
    id: `linear-ce-${block}-${parameter}`,
    label: `linear cross-entropy, ${block} block`,
    model: 'linear',
    loss: 'ce',
    block,
    parameter,
    fixed,
    values,
    lower: found.map(({ lower }) => lower),
    upper: found.map(({ upper }) => upper),
    outliers: found.map(({ outliers }) => outliers),
    scaling: block === 'diagonal' ? 'C' : 'C^2',
  };
}

function supportByClasses(block: BlockKind, aspectRatio: number): SupportCurve {
  return supportCurve(
    block,
    'classes',
    `aspect ratio ${aspectRatio}, logit variance 1`,
    [3, 4, 5, 6, 8, 10, 12, 16, 20],
    (classes) => ({ classes, logitVariance: 1, aspectRatio }),
  );
}

function supportByAspectRatio(block: BlockKind): SupportCurve {
  return supportCurve(
    block,
    'aspectRatio',
    'C = 10, logit variance 1',
    [0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.2, 1.5],
    (aspectRatio) => ({ classes: 10, logitVariance: 1, aspectRatio }),
  );
}

function supportByVariance(block: BlockKind, aspectRatio: number): SupportCurve {
  return supportCurve(
    block,
    'logitVariance',
    `C = 10, aspect ratio ${aspectRatio}`,
    [0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 2.5, 3],
    (logitVariance) => ({ classes: 10, logitVariance, aspectRatio }),
  );
}

/** Number of outliers over aspect ratio and logit variance at C = 10. */
function outlierMap(block: BlockKind): PhaseMap {
  const x = [0.02, 0.05, 0.1, 0.15, 0.2, 0.35, 0.5, 1];
  const y = [0.25, 0.5, 1, 1.5, 2, 3];
  return {
    id: `outliers-${block}`,
    label: `Outliers of the ${block} block, linear cross-entropy`,
    xName: 'aspect ratio d/N',
    yName: 'logit variance s²',
    x,
    y,
    xLog: true,
    values: y.map((logitVariance) =>
      x.map((aspectRatio) => edgesAndOutliers(block, { classes: 10, logitVariance, aspectRatio }).outliers.length),
    ),
    quantity: 'number of outliers',
    kind: 'count',
    fixed: 'C = 10',
  };
}
