import { UsageError } from '../../theory/errors.js';
import { layersOf, type Layer } from '../../theory/names.js';
import type { DrawSettings, Workspace } from '../contracts.js';
import type { Readout } from './readout.js';
import { softmaxMoments } from './softmaxMoments.js';
import { requireIndex } from './requireIndex.js';

export type BlockIndex = readonly [i: number, j: number];

/** Pairs of rows of a layer, (w_i, w_j) or (v_i, v_j), and pairs (w_i, v_j) of a hidden unit and a class. */
export type WantedBlocks = { readonly [part in Layer | 'cross']?: readonly BlockIndex[] };

/** All (i, j) with 0 ≤ i ≤ j < count. */
export function orderedPairs(count: number): BlockIndex[] {
  const list: BlockIndex[] = [];
  for (let i = 0; i < count; i++) for (let j = i; j < count; j++) list.push([i, j]);
  return list;
}

interface StatisticsSource {
  readonly settings: DrawSettings;
  readonly workspace: Workspace;
  readonly labels: Int32Array;
  readonly readout: Readout;
  /** What the readout multiplies, units×N; empty where it multiplies the inputs. */
  readonly features: Float64Array;
}

/**
 * What the blocks need to know about the classes, per sample: logits and probabilities of single classes, E_p[v_i],
 * Cov_p(v_i, v_j), and the Gram matrix VᵀV. Computed when first asked for and kept; never a C×N array. Returned arrays
 * are shared: do not write to them.
 */
export class ClassStatistics {
  readonly #source: StatisticsSource;
  readonly #requireInputs: () => void;
  readonly #logits = new Map<number, Float64Array>();
  readonly #probabilities = new Map<number, Float64Array>();
  readonly #means = new Map<number, Float64Array>();
  readonly #covariances = new Map<string, Float64Array>();
  readonly #readoutRows = new Map<number, Float64Array>();
  readonly #labelReadouts = new Map<number, Float64Array>();
  #logNormaliser: Float64Array | undefined;
  #readoutGram: Float64Array | undefined;

  constructor(source: StatisticsSource, requireInputs: () => void) {
    this.#source = source;
    this.#requireInputs = requireInputs;
  }

  /** The readout multiplies the inputs, which are in the workspace, and no features. */
  get #isOfInputs(): boolean {
    return this.#source.features.length === 0;
  }

  /** Computes in one pass over the classes what the blocks named will ask for. */
  prepare(wanted: WantedBlocks): void {
    const { model, loss, classes } = this.#source.settings;
    const width = this.#source.readout.fanIn;
    const { hidden = [], output = [], cross = [] } = wanted;
    if (this.#isOfInputs && (hidden.length > 0 || cross.length > 0)) {
      throw new UsageError(
        `wanted must name output blocks only: the ${model} model has no hidden layer; leave hidden and cross empty`,
      );
    }
    for (const [i, j] of hidden) {
      requireIndex('i', i, width);
      requireIndex('j', j, width);
    }
    for (const [i, j] of output) {
      requireIndex('i', i, classes);
      requireIndex('j', j, classes);
    }
    for (const [i, j] of cross) {
      requireIndex('i', i, width);
      requireIndex('j', j, classes);
    }
    const outputClasses = [...output.flat(), ...cross.map(([, j]) => j)];
    this.#prepareRows(cross.map(([, j]) => j));
    if (loss === 'mse') {
      // The blocks of the squared error do not depend on the outputs; only the residual of a cross block does.
      this.#prepareLogits(cross.map(([, j]) => j));
      return;
    }
    if (!this.#isOfInputs)
      this.#prepareMoments(
        cross.map(([i]) => i),
        hidden,
      );
    this.#prepareProbabilities(outputClasses);
  }

  /** Computes what any block will ask for. */
  prepareAll(): void {
    const { classes } = this.#source.settings;
    const units = this.#source.readout.fanIn;
    const output = Array.from({ length: classes }, (_, c): BlockIndex => [c, c]);
    // Blocks of numbered layers take nothing from here.
    if (layersOf(this.#source.settings.model).includes('hidden'))
      this.prepare({ hidden: orderedPairs(units), output, cross: output.map(([c]) => [c % units, c]) });
    else this.prepare({ output });
  }

  /** f_c, N values. */
  logit(c: number): Float64Array {
    this.#prepareLogits([c]);
    return this.#logits.get(c)!;
  }

  /** f, C×N, of all classes; not kept. */
  logits(): Float64Array {
    return this.#computeLogits([...Array(this.#source.settings.classes).keys()]);
  }

  /** p_c, N values. */
  probability(c: number): Float64Array {
    this.#prepareProbabilities([c]);
    return this.#probabilities.get(c)!;
  }

  /** E_p[v_i] over the classes, N values; of a readout of features. */
  mean(i: number): Float64Array {
    this.#prepareMoments([i], []);
    return this.#means.get(i)!;
  }

  /** Cov_p(v_i, v_j) over the classes, N values; of a readout of features. */
  covariance(i: number, j: number): Float64Array {
    this.#prepareMoments([], [[i, j]]);
    return this.#covariances.get(pairKey(i, j))!;
  }

  /** The row v_c of V. */
  readoutRow(c: number): Float64Array {
    this.#prepareRows([c]);
    return this.#readoutRows.get(c)!;
  }

  /** v_{y_n, i}, N values. */
  labelReadout(i: number): Float64Array {
    let values = this.#labelReadouts.get(i);
    if (values === undefined) {
      const { labels, readout } = this.#source;
      const column = new Float64Array(labels.length);
      if (readout.matrix !== undefined) {
        for (let n = 0; n < labels.length; n++) column[n] = readout.matrix[labels[n]! * readout.fanIn + i]!;
      } else {
        const byClass = labels.map((_, n) => n).sort((a, b) => labels[a]! - labels[b]!);
        let next = 0;
        readout.visitTiles((rows, start, count) => {
          for (; next < byClass.length && labels[byClass[next]!]! < start + count; next++) {
            const n = byClass[next]!;
            column[n] = rows[(labels[n]! - start) * readout.fanIn + i]!;
          }
        });
      }
      values = column;
      this.#labelReadouts.set(i, values);
    }
    return values;
  }

  /** VᵀV, m×m. */
  readoutGram(): Float64Array {
    if (this.#readoutGram === undefined) {
      const { readout } = this.#source;
      const width = readout.fanIn;
      const gram = new Float64Array(width * width);
      readout.visitTiles((rows, _start, count) => {
        for (let c = 0; c < count; c++) {
          for (let i = 0; i < width; i++) {
            for (let j = 0; j < width; j++) gram[i * width + j]! += rows[c * width + i]! * rows[c * width + j]!;
          }
        }
      });
      this.#readoutGram = gram;
    }
    return this.#readoutGram;
  }

  #prepareMoments(columns: readonly number[], pairs: readonly BlockIndex[]): void {
    const newColumns = columns.filter((i) => !this.#means.has(i));
    const newPairs = [...new Map(pairs.map((pair) => [pairKey(...pair), pair])).entries()].filter(
      ([key]) => !this.#covariances.has(key),
    );
    if (newColumns.length === 0 && newPairs.length === 0 && this.#logNormaliser !== undefined) return;
    const { readout, features, settings, workspace } = this.#source;
    const request = { columns: newColumns, pairs: newPairs.map(([, pair]) => pair) };
    const found =
      workspace.softmaxMoments?.({ ...request, visitTiles: readout.visitTiles, width: readout.fanIn, features }) ??
      softmaxMoments(readout, features, settings.samples, request);
    this.#logNormaliser = found.logNormaliser;
    for (const [i, values] of found.means) this.#means.set(i, values);
    newPairs.forEach(([key], k) => this.#covariances.set(key, found.covariances[k]!));
  }

  #prepareRows(classes: readonly number[]): void {
    const missing = [...new Set(classes)].filter((c) => !this.#readoutRows.has(c));
    if (missing.length === 0) return;
    const { readout } = this.#source;
    const rows = readout.rows(missing);
    missing.forEach((c, k) => this.#readoutRows.set(c, rows.slice(k * readout.fanIn, (k + 1) * readout.fanIn)));
  }

  #prepareLogits(classes: readonly number[]): void {
    const missing = [...new Set(classes)].filter((c) => !this.#logits.has(c));
    if (missing.length === 0) return;
    for (const [c, logits] of this.#logitsOf(missing)) this.#logits.set(c, logits);
  }

  #logitsOf(classes: readonly number[]): Map<number, Float64Array> {
    const { samples } = this.#source.settings;
    const field = this.#computeLogits(classes);
    return new Map(classes.map((c, k) => [c, field.subarray(k * samples, (k + 1) * samples)]));
  }

  #computeLogits(classes: readonly number[]): Float64Array {
    const { settings, readout, features, workspace } = this.#source;
    const { samples } = settings;
    this.#prepareRows(classes);
    const field = new Float64Array(classes.length * samples);
    if (this.#isOfInputs) {
      this.#requireInputs();
      const rows = new Float64Array(classes.length * readout.fanIn);
      classes.forEach((c, k) => rows.set(this.#readoutRows.get(c)!, k * readout.fanIn));
      workspace.project(rows, classes.length, field);
    } else {
      classes.forEach((c, position) => {
        this.#readoutRows.get(c)!.forEach((entry, k) => {
          for (let n = 0; n < samples; n++) field[position * samples + n]! += entry * features[k * samples + n]!;
        });
      });
    }
    return field;
  }

  #prepareProbabilities(classes: readonly number[]): void {
    const missing = [...new Set(classes)].filter((c) => !this.#probabilities.has(c));
    if (missing.length === 0) return;
    const { settings, readout, workspace } = this.#source;
    const { samples } = settings;
    if (this.#isOfInputs) {
      this.#requireInputs();
      const field = workspace.softmaxOfClasses(readout.reader(), settings.classes, missing, settings.logitPrecision);
      missing.forEach((c, k) => this.#probabilities.set(c, field.subarray(k * samples, (k + 1) * samples)));
      return;
    }
    this.#prepareMoments([], []);
    const logNormaliser = this.#logNormaliser!;
    for (const [c, values] of this.#logitsOf(missing)) {
      for (let n = 0; n < samples; n++) values[n] = Math.exp(values[n]! - logNormaliser[n]!);
      this.#probabilities.set(c, values);
    }
  }
}

function pairKey(i: number, j: number): string {
  return i <= j ? `${i},${j}` : `${j},${i}`;
}
