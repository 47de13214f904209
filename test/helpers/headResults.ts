/** Heads of two trainings at some steps, with round numbers in place of measured ones. */
import type { BlockRatio, HeadResult, Measured } from '../../figures/headResult.js';

const exact = (value: number): Measured => ({ value, error: null });

/** Of a head whose t is this. */
function ratioOf(t: number, classes: number, error: number | null): BlockRatio {
  return {
    diagonal: exact(2),
    offDiagonal: exact(2 * t),
    t: { value: t, error },
    ratio: exact(t / (classes - 1)),
    scaled: exact((t * classes ** 2) / (classes - 1)),
  };
}

const unigram = (t: number, classes: number) => ({
  t,
  ratio: t / (classes - 1),
  scaled: (t * classes ** 2) / (classes - 1),
  effectiveClasses: 1 / t,
});

/** t is 1/C at step 0 and 0.05 later; rows are near it, a tenth of them without an estimate above 0. */
export function headAt(step: number | null, changed: Partial<HeadResult> = {}): HeadResult {
  const classes = changed.classes ?? 500;
  const t = step === 0 ? 1 / classes : 0.05;
  return {
    kind: 'head',
    version: '0.0.0',
    label: 'Whales',
    step,
    files: { features: 'h.npy', output: 'V.npy' },
    samples: 256,
    classes,
    dimension: 32,
    groups: 64,
    batches: [256],
    backend: 'wasm',
    seed: '1',
    aspectRatio: 32 / 256,
    loss: 4,
    sample: ratioOf(1.1 * t, classes, null),
    population: { ...ratioOf(t, classes, 0.1 * t), effectiveClasses: exact(1 / t) },
    unigram: { predictions: unigram(0.9 * t, classes), targets: unigram(0.045, classes) },
    initialisation:
      step === 0
        ? {
            variance: 1 / 32,
            expected: 1.3,
            limit: 1.4,
            expectedPopulation: 1.1,
            limitPopulation: 1.2,
            positions: 256,
            draws: 20,
            formulaScore: 0.4,
            formulaPValue: 0.7,
            placePValue: 0.6,
          }
        : null,
    tied: null,
    whitened: null,
    spectrum: {
      steps: 4,
      smallest: exact(0),
      largest: exact(1.5),
      nodes: [1, 0, 1.5, 0.75],
      masses: [0.875, 1 / 64, 1 / 64, 3 / 32],
    },
    halves: null,
    equivalent: null,
    statements: [],
    rows: Array.from({ length: classes }, (_, k) => ({
      rank: k + 1,
      token: k,
      frequency: 0.1 / (k + 1),
      ratio: k % 10 === 9 ? -1e-4 : t * (1 + 0.01 * (k % 7)),
      unigram: t,
    })),
    notes: [],
    ...changed,
  };
}
