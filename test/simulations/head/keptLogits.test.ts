import { expect, test } from '@jest/globals';
import { KeptLogits } from '../../../simulations/head/keptLogits.js';
import { rowsInMemory } from '../../../simulations/head/index.js';
import { visitLogits } from '../../../simulations/head/visitLogits.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';

/** The third pass too sees what the first has seen; rows are read again only where there was no room. */
for (const name of ['wasm', 'reference'] as const)
  test(`${name}: later passes have the same logits, and read only the rows that are not kept`, async () => {
    const [samples, dimension, classes] = [5, 3, 1300];
    const workspace = (await createBackend(name)).createHeadWorkspace(dimension, samples);
    const stream = randomStream('kept logits', 'all', 0);
    stream.fillNormals(workspace.features);
    const matrix = new Float64Array(classes * dimension);
    stream.fillNormals(matrix);
    const bias = Float64Array.from({ length: classes }, (_, c) => c / 100);
    workspace.takeFeatures();
    const { tileRows, fieldRow } = workspace;
    const source = rowsInMemory(matrix, classes, dimension);
    let [read, passed] = [0, 0];
    const rows = {
      ...source,
      read: (first: number, out: Float64Array) => {
        read += out.length / dimension;
        source.read(first, out);
      },
      passed: (count: number) => void (passed += count),
    };
    const pass = (kept?: KeptLogits): number[] => {
      const seen: number[] = [];
      visitLogits(workspace, { rows, bias, kept }, (_, count) => {
        for (let c = 0; c < count; c++)
          seen.push(...workspace.fields.probabilities.subarray(c * fieldRow, c * fieldRow + samples));
        // A visitor may spoil them.
        workspace.fields.probabilities.fill(0);
      });
      return seen;
    };
    const expected = pass();
    expect(expected).toHaveLength(samples * classes);
    // By definition, the last class at the last sample.
    let logit = bias.at(-1)!;
    for (let k = 1; k <= dimension; k++) logit += matrix.at(-k)! * workspace.features[samples * dimension - k]!;
    expect(expected.at(-1)).toBeCloseTo(logit, 12);
    for (const tiles of [0, 1.5, 3, 100]) {
      const kept = new KeptLogits(workspace, classes, Math.floor(tiles * tileRows * fieldRow));
      const there = Math.floor(tiles) * tileRows >= classes ? classes : Math.floor(tiles) * tileRows;
      [read, passed] = [0, 0];
      for (let k = 0; k < 3; k++) expect(pass(kept)).toEqual(expected);
      expect([read, passed]).toEqual([3 * classes - 2 * there, 2 * there]);
    }
  });
