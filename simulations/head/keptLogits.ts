import type { HeadWorkspace } from '../contracts.js';
import { rowLength } from '../linalg/wasm/eigenSolver.js';

/** Numbers that are kept at most, 256 MB. */
const most = 2 ** 25;

/** Bytes that the kept logits of N samples and C classes take at most. */
export const keptBytes = (samples: number, classes: number): number => 8 * Math.min(most, classes * rowLength(samples));

/** Logits of the first classes of a readout: passes over V after the first neither read nor multiply these again. */
export class KeptLogits {
  readonly #workspace: HeadWorkspace;
  readonly #numbers: Float64Array;
  /** Classes from 0 on that are there. */
  #there = 0;

  /** @param room numbers that there is room for */
  constructor(workspace: HeadWorkspace, classes: number, room = most) {
    this.#workspace = workspace;
    this.#numbers = new Float64Array(Math.min(room, classes * workspace.fieldRow));
  }

  /** Takes the logits of the tile that follows those there, where there is room. */
  keep(first: number, count: number): void {
    const { fieldRow, fields } = this.#workspace;
    if (first !== this.#there || (first + count) * fieldRow > this.#numbers.length) return;
    this.#numbers.set(fields.probabilities.subarray(0, count * fieldRow), first * fieldRow);
    this.#there += count;
  }

  /** Puts the logits of a tile back; false where they are not there. */
  restore(first: number, count: number): boolean {
    if (first + count > this.#there) return false;
    const { fieldRow, fields } = this.#workspace;
    fields.probabilities.set(this.#numbers.subarray(first * fieldRow, (first + count) * fieldRow));
    return true;
  }
}
