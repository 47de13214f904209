// The same as headBaseline.py, by a backend: node head.mjs h.npy V.npy BACKEND. Prints a JSON line.
import { createBackend } from '../../../dist/simulations/linalg/index.js';
import { headSums } from '../../../dist/simulations/head/index.js';
import { openMatrix } from '../../../dist/src/store/formats/index.js';

const [featuresPath, outputPath, backendName] = process.argv.slice(2);
const h = openMatrix(featuresPath);
const V = openMatrix(outputPath);
const features = new Float64Array(h.rows * h.columns);
h.read(0, features);
const { all } = headSums({
  features,
  samples: h.rows,
  dimension: h.columns,
  rows: { rows: V.rows, dimension: V.columns, read: V.read },
  backend: await createBackend(backendName),
});
console.log(JSON.stringify({ diagonal: all.diagonal / all.pairs, offDiagonal: all.offDiagonal / all.pairs }));
