/** Sizes of the main job. Each preset fixes what is drawn and how often; nothing else depends on its name. */
import type { InitialisationName } from '../../theory/contracts.js';

/** A preset as `check --preset` names it. */
export type PresetName = 'quick' | 'paper' | 'full';

/** All sizes of a check. */
export interface Preset {
  /** As on the command line. */
  readonly name: string;
  /** d/N of every draw whose spectrum is compared with a law. */
  readonly aspectRatio: number;
  /** Dimensions d at which spectra are drawn. */
  readonly dimensions: readonly number[];
  /** Independent draws at each of `dimensions`. */
  readonly draws: readonly number[];
  /** Fresh draws of the null for each draw. */
  readonly nullsPerDraw: number;
  /** C of the linear model. */
  readonly linearClasses: number;
  /** Each C of the hidden model. */
  readonly hiddenClasses: readonly number[];
  /** m. */
  readonly width: number;
  /** Each is drawn; the first is that of the theorems. */
  readonly initialisations: readonly InitialisationName[];
  /** Weights alone: many samples in few dimensions. */
  readonly weights: { readonly dimension: number; readonly samples: number; readonly draws: number };
  /**
   * Off-diagonal blocks at an aspect ratio so small that outliers stand clear of the bulk: judged by their places. With
   * the first initialisation and C classes, few enough for the directions to be fewer than half of d.
   */
  readonly outliers: {
    readonly dimension: number;
    readonly samples: number;
    readonly classes: number;
    readonly draws: number;
  };
  /**
   * tr H and tr H² alone: some sets of weights, each with many draws of the inputs, for the covariance of the traces.
   */
  readonly traces: {
    readonly dimension: number;
    readonly samples: number;
    readonly weights: number;
    readonly draws: number;
  };
  /** Norms of blocks as C grows. */
  readonly norms: {
    readonly dimension: number;
    readonly aspectRatio: number;
    readonly classes: readonly number[];
    readonly draws: number;
  };
  /**
   * Batches of small draws whose means are judged (momentTask.ts): classes, so few that the weights have light tails,
   * readouts of the hidden model in a batch and inputs to each, blocks of the linear model in a batch and samples of its
   * weights.
   */
  readonly moments: {
    readonly batches: number;
    readonly classes: number;
    readonly readouts: number;
    readonly inputs: number;
    readonly blocks: number;
    readonly samples: number;
  };
  /** Cross-layer blocks as C grows. */
  readonly cross: { readonly dimension: number; readonly classes: readonly number[]; readonly draws: number };
  /** Heads: sums over all blocks as C grows, for features that stay; and small ones whose features are drawn too. */
  readonly head: {
    readonly dimension: number;
    readonly samples: number;
    readonly classes: readonly number[];
    /** Of V, at each of `classes`. */
    readonly draws: readonly number[];
    readonly small: {
      readonly dimension: number;
      readonly samples: number;
      readonly classes: number;
      readonly draws: number;
    };
  };
  /** Deep networks at initialisation, each under either loss. */
  readonly deep: DeepSizes;
  /** Trainings, with N = 10 d. */
  readonly dynamics: DynamicsSizes;
  /** Pictures of Hessians: the whole one, its hidden part and a linear model's as C grows. */
  readonly pictures: {
    readonly dimension: number;
    readonly samples: number;
    readonly classes: number;
    readonly hiddenClasses: readonly number[];
    readonly linear: { readonly dimension: number; readonly classes: readonly number[] };
  };
}

/** Networks of one shape, and how often they are drawn. */
export interface DeepSetting {
  readonly dimension: number;
  readonly samples: number;
  readonly widths: readonly number[];
  readonly classes: number;
  /** Of each layer whose blocks are averaged in a draw. */
  readonly units: number;
  /** In one task, and tasks. */
  readonly draws: number;
  readonly batches: number;
}

export interface DeepSizes {
  /** Ratios of every layer. */
  readonly ratio: readonly DeepSetting[];
  /** Of one shape, as C grows, on either side of where the widths bound the ratios; and of other widths at the most classes. */
  readonly saturation: {
    readonly before: readonly DeepSetting[];
    readonly after: readonly DeepSetting[];
    readonly floors: readonly DeepSetting[];
  };
  /** Blocks between layers: a shape, and the same with all sizes twice as large. */
  readonly cross: readonly [DeepSetting, DeepSetting];
}

export interface DynamicsSizes {
  /** The authors' configuration, d = C, scaled: cross-layer blocks along training. */
  readonly cross: {
    readonly dimension: number;
    readonly steps: number;
    readonly learningRate: number;
    readonly draws: number;
  };
  /** The residual part at initialisation, d = C. */
  readonly residualLaw: { readonly dimension: number; readonly draws: number; readonly nulls: number };
  /** Blocks within a layer; under squared error with steps so many times smaller, and as many times more of them. */
  readonly blocks: {
    readonly dimension: number;
    readonly classes: readonly number[];
    readonly finer: readonly number[];
    readonly steps: number;
    readonly learningRate: number;
    readonly draws: number;
  };
  /** Scores on fresh and on training data, few classes: a network that can learn its labels by heart. */
  readonly memory: {
    readonly dimensions: readonly number[];
    readonly draws: readonly number[];
    readonly classes: number;
    readonly samplesPerDimension: number;
    readonly steps: number;
    readonly learningRate: number;
  };
  /** Of the linear model: curves of the squared error after these steps, and one step of cross-entropy. */
  readonly linear: {
    readonly curveDimension: number;
    readonly curveSteps: readonly number[];
    readonly stepDimension: number;
    readonly draws: number;
  };
  /** The same trainings with more classes, looked at on fresh data at three marks. */
  readonly fresh: {
    readonly dimension: number;
    readonly classes: number;
    readonly samplesPerDimension: number;
    readonly draws: number;
  };
  /** Exact statements, with the whole Hessian. */
  readonly exact: {
    readonly dimension: number;
    readonly classes: number;
    readonly steps: number;
    readonly draws: number;
  };
}

/** d/N = 0.01: outliers of ten classes stand clear of the bulk. */
const clearOutliers = { dimension: 48, samples: 4800, classes: 10 } as const;

/** So small that thousands of draws cost little. */
const smallSpectra = { dimension: 24, samples: 96, draws: 500 } as const;
const smallDraws = { classes: 8, readouts: 500, inputs: 32, blocks: 600, samples: 8192 } as const;

const headSizes = { dimension: 32, samples: 48 } as const;
const smallHead = { dimension: 24, samples: 24, classes: 16 } as const;

/** d = N = n in every layer. */
const square = (size: number, depth: number) =>
  ({ dimension: size, samples: size, widths: Array<number>(depth).fill(size) }) as const;

/** Layers of several shapes, d ≠ N among them, and classes below and above the widths. */
const deepRatioSizes = (times: number): readonly DeepSetting[] => [
  { ...square(64, 3), classes: 10, units: 16, draws: 50, batches: 4 * times },
  { ...square(64, 3), classes: 30, units: 12, draws: 50, batches: 6 * times },
  { dimension: 96, samples: 64, widths: [48, 96, 64], classes: 50, units: 12, draws: 50, batches: 4 * times },
  { ...square(64, 2), classes: 200, units: 12, draws: 50, batches: 6 * times },
];

const saturationSizes = (times: number): DeepSizes['saturation'] => {
  const setting = (size: number, classes: number, draws: number): DeepSetting => ({
    ...square(size, 3),
    classes,
    units: 8,
    draws,
    batches: 2 * times,
  });
  return {
    before: [setting(64, 10, 24), setting(64, 30, 24), setting(64, 100, 24)],
    after: [setting(64, 300, 16), setting(64, 1000, 10), setting(64, 3000, 8)],
    floors: [setting(32, 3000, 10), setting(48, 3000, 8)],
  };
};

/** C in proportion to the widths, in which the norms have a limit. */
const deepCrossSizes = (size: number, depth: number, times: number): DeepSizes['cross'] => [
  { ...square(size, depth), classes: size / 2, units: 4, draws: 100, batches: 4 * times },
  { ...square(2 * size, depth), classes: size, units: 4, draws: 50, batches: 8 * times },
];

/** The Hessians of the paper's figures. */
const paperPictures: Preset['pictures'] = {
  dimension: 500,
  samples: 5000,
  classes: 500,
  hiddenClasses: [10, 100, 1000],
  linear: { dimension: 100, classes: [3, 10, 30] },
};

/** Small sizes at which every test is run hundreds of times over. */
export const calibrationPreset: Preset = {
  name: 'calibration',
  aspectRatio: 0.5,
  dimensions: [48, 96],
  draws: [8, 8],
  nullsPerDraw: 4,
  linearClasses: 10,
  hiddenClasses: [10],
  width: 8,
  initialisations: ['lecun'],
  weights: { dimension: 16, samples: 2048, draws: 8 },
  outliers: { ...clearOutliers, draws: 4 },
  traces: { dimension: 24, samples: 96, weights: 4, draws: 250 },
  norms: { dimension: 48, aspectRatio: 0.5, classes: [4, 16], draws: 10 },
  moments: { batches: 4, classes: 8, readouts: 100, inputs: 32, blocks: 100, samples: 1024 },
  cross: { dimension: 32, classes: [8], draws: 8 },
  head: { ...headSizes, classes: [10, 100], draws: [80, 40], small: { ...smallHead, draws: 200 } },
  deep: {
    ratio: [
      { ...square(64, 3), classes: 30, units: 8, draws: 80, batches: 2 },
      { ...square(64, 2), classes: 100, units: 8, draws: 50, batches: 2 },
    ],
    saturation: {
      before: [10, 100].map((classes) => ({ ...square(48, 3), classes, units: 8, draws: 40, batches: 1 })),
      after: [300, 1000].map((classes) => ({ ...square(48, 3), classes, units: 8, draws: 20, batches: 1 })),
      floors: [{ ...square(32, 3), classes: 1000, units: 8, draws: 20, batches: 1 }],
    },
    cross: [
      { ...square(32, 3), classes: 16, units: 4, draws: 200, batches: 2 },
      { ...square(64, 3), classes: 32, units: 4, draws: 100, batches: 2 },
    ],
  },
  dynamics: {
    cross: { dimension: 16, steps: 40, learningRate: 0.05, draws: 3 },
    residualLaw: { dimension: 32, draws: 4, nulls: 8 },
    blocks: { dimension: 16, classes: [16], finer: [1], steps: 40, learningRate: 0.05, draws: 3 },
    memory: {
      dimensions: [24, 48],
      draws: [6, 6],
      classes: 10,
      samplesPerDimension: 10,
      steps: 60,
      learningRate: 0.05,
    },
    fresh: { dimension: 24, classes: 20, samplesPerDimension: 10, draws: 8 },
    linear: { curveDimension: 60, curveSteps: [5, 20], stepDimension: 60, draws: 8 },
    exact: { dimension: 8, classes: 6, steps: 20, draws: 1 },
  },
  pictures: { dimension: 16, samples: 160, classes: 16, hiddenClasses: [], linear: { dimension: 16, classes: [] } },
};

/** The presets of `check`, by name. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  quick: {
    name: 'quick',
    aspectRatio: 0.5,
    dimensions: [64, 128, 256],
    draws: [32, 24, 16],
    nullsPerDraw: 4,
    linearClasses: 10,
    hiddenClasses: [10],
    width: 8,
    initialisations: ['lecun'],
    weights: { dimension: 32, samples: 8192, draws: 40 },
    outliers: { ...clearOutliers, draws: 16 },
    traces: { ...smallSpectra, weights: 12 },
    norms: { dimension: 256, aspectRatio: 0.5, classes: [4, 8, 16, 32, 64, 128, 256], draws: 40 },
    moments: { ...smallDraws, batches: 10 },
    cross: { dimension: 96, classes: [8, 32, 128], draws: 40 },
    head: { ...headSizes, classes: [10, 100, 1000], draws: [400, 400, 200], small: { ...smallHead, draws: 800 } },
    deep: {
      ratio: deepRatioSizes(1),
      saturation: saturationSizes(1),
      cross: deepCrossSizes(32, 3, 1),
    },
    dynamics: {
      cross: { dimension: 48, steps: 200, learningRate: 0.025, draws: 5 },
      residualLaw: { dimension: 96, draws: 3, nulls: 16 },
      blocks: { dimension: 24, classes: [24], finer: [1], steps: 200, learningRate: 0.025, draws: 7 },
      memory: {
        dimensions: [20, 40, 80],
        draws: [8, 3, 9],
        classes: 10,
        samplesPerDimension: 10,
        steps: 200,
        learningRate: 0.02,
      },
      fresh: { dimension: 48, classes: 40, samplesPerDimension: 4, draws: 10 },
      linear: { curveDimension: 200, curveSteps: [5, 20, 200], stepDimension: 100, draws: 16 },
      exact: { dimension: 16, classes: 12, steps: 60, draws: 1 },
    },
    pictures: {
      dimension: 64,
      samples: 640,
      classes: 64,
      hiddenClasses: [10, 100, 1000],
      linear: { dimension: 32, classes: [3, 10, 30] },
    },
  },
  /**
   * The configuration published by the paper's authors: d = 500, N = 5000, C = 500, m = 8, and C = 10, 100, 1000 for
   * the hidden block.
   */
  paper: {
    name: 'paper',
    aspectRatio: 0.1,
    dimensions: [125, 250, 500],
    draws: [16, 12, 10],
    nullsPerDraw: 3,
    linearClasses: 500,
    hiddenClasses: [500, 10, 100, 1000],
    width: 8,
    initialisations: ['lecun', 'pytorch'],
    weights: { dimension: 32, samples: 8192, draws: 24 },
    outliers: { ...clearOutliers, draws: 32 },
    traces: { ...smallSpectra, weights: 24 },
    norms: { dimension: 500, aspectRatio: 0.1, classes: [10, 30, 100, 300, 1000], draws: 24 },
    moments: { ...smallDraws, batches: 20 },
    cross: { dimension: 250, classes: [10, 100, 500], draws: 12 },
    head: { ...headSizes, classes: [10, 100, 1000], draws: [800, 800, 400], small: { ...smallHead, draws: 1600 } },
    deep: {
      ratio: deepRatioSizes(2),
      saturation: saturationSizes(2),
      cross: deepCrossSizes(32, 3, 2),
    },
    dynamics: {
      cross: { dimension: 500, steps: 400, learningRate: 0.0125, draws: 5 },
      residualLaw: { dimension: 200, draws: 8, nulls: 24 },
      blocks: { dimension: 100, classes: [10, 30, 100], finer: [1, 4], steps: 1000, learningRate: 0.005, draws: 6 },
      memory: {
        dimensions: [50, 100, 200],
        draws: [24, 24, 12],
        classes: 10,
        samplesPerDimension: 10,
        steps: 400,
        learningRate: 0.005,
      },
      fresh: { dimension: 100, classes: 10, samplesPerDimension: 10, draws: 24 },
      linear: { curveDimension: 400, curveSteps: [5, 20, 200], stepDimension: 400, draws: 12 },
      exact: { dimension: 24, classes: 24, steps: 100, draws: 2 },
    },
    pictures: paperPictures,
  },
  full: {
    name: 'full',
    aspectRatio: 0.5,
    dimensions: [125, 250, 500, 1000],
    draws: [64, 48, 32, 24],
    nullsPerDraw: 6,
    linearClasses: 10,
    hiddenClasses: [10, 100, 1000],
    width: 8,
    initialisations: ['lecun', 'pytorch'],
    weights: { dimension: 64, samples: 16384, draws: 80 },
    outliers: { dimension: 96, samples: 9600, classes: 10, draws: 48 },
    traces: { ...smallSpectra, weights: 48 },
    norms: {
      dimension: 1000,
      aspectRatio: 0.5,
      classes: [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 10000],
      draws: 60,
    },
    moments: { ...smallDraws, batches: 40 },
    cross: { dimension: 250, classes: [10, 100, 1000], draws: 32 },
    head: {
      dimension: 96,
      samples: 192,
      classes: [10, 100, 1000, 10000],
      draws: [800, 400, 120, 40],
      small: { ...smallHead, draws: 3200 },
    },
    deep: {
      ratio: [...deepRatioSizes(4), { ...square(512, 4), classes: 10_000, units: 4, draws: 2, batches: 6 }],
      saturation: saturationSizes(4),
      cross: deepCrossSizes(32, 3, 4),
    },
    dynamics: {
      cross: { dimension: 500, steps: 1000, learningRate: 0.005, draws: 12 },
      residualLaw: { dimension: 400, draws: 12, nulls: 24 },
      blocks: {
        dimension: 100,
        classes: [10, 30, 100, 300],
        finer: [1, 4],
        steps: 1000,
        learningRate: 0.005,
        draws: 8,
      },
      memory: {
        dimensions: [50, 100, 200, 400],
        draws: [48, 48, 24, 12],
        classes: 10,
        samplesPerDimension: 10,
        steps: 400,
        learningRate: 0.005,
      },
      fresh: { dimension: 200, classes: 10, samplesPerDimension: 10, draws: 48 },
      linear: { curveDimension: 400, curveSteps: [5, 20, 200], stepDimension: 400, draws: 24 },
      exact: { dimension: 24, classes: 24, steps: 400, draws: 4 },
    },
    pictures: paperPictures,
  },
};
