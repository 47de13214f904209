// Every reader of foreign text and bytes, each with valid inputs to begin from.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';

const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const fixture = (path) => readFileSync(new URL(`../../test/fixtures/${path}`, import.meta.url));

const formats = await built('src/store/formats/index.js');
const { openMatrix, readArrayFile, readCifar, writeNpy } = formats;
const { expandSpec, loadSpec, loadTrainSpec, printSpec, printTrainSpec } = await built('src/specification/index.js');
const { parseExpression, compileExpression } = await built('simulations/expressions/index.js');
const { activationExpression } = await built('simulations/models/activationExpression.js');
const { parseWeights } = await built('src/pipeline/options/weightsText.js');
const { readGiven } = await built('src/pipeline/compare/given/readGiven.js');
const { createBackend } = await built('simulations/linalg/index.js');
const { readNullTables, writeNullTables } = await built('src/pipeline/compare/nullTables.js');
const { nullTable, nullTableKey } = await built('simulations/comparisons/index.js');
const { readProbeFile } = await built('src/pipeline/blocks/readProbeFile.js');
const { readResults } = await built('src/pipeline/figures/drawFigures.js');
const { refuseDamage } = await built('src/store/refuseDamage.js');
const { figuresOf } = await built('figures/index.js');
const { captionTex } = await built('figures/render/caption.js');
const { textHtml } = await built('figures/render/markup.js');

const matrix = [2, 0.5, -1, 0.5, 3, 1e-9, -1, 1e-9, 4.25];
const text = (bytes) => bytes.toString('utf8');

/** Calls `read` with the path of a file of this name that holds the bytes. */
function throughFile(name, folder, read) {
  return async (bytes) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    try {
      return await read(path);
    } finally {
      rmSync(path, { force: true, recursive: true });
    }
  };
}

function arrayReaders(folder) {
  const table = '2,0.5,-1\n0.5,3,1e-9\n-1,1e-9,4.25\n';
  const named = ',x,"y, z",nan\nx,2,0.5,-1\n"y, z",0.5,3,1e-9\nnan,-1,1e-9,4.25\n';
  const csv = Buffer.from(`# a table\na;b;c\n${table}`.replaceAll(',', ';'));
  const whole = `%%MatrixMarket matrix array real general\n3 3\n${matrix.join('\n')}\n`;
  const coordinate =
    '%%MatrixMarket matrix coordinate real symmetric\n3 3 6\n1 1 2\n2 1 0.5\n3 1 -1\n2 2 3\n3 2 1e-9\n3 3 4.25\n';
  const idx = Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]);
  const npz = Buffer.from(zipSync({ 'a.npy': writeNpy(matrix, [3, 3]) }, { mtime: '1980-01-01T00:00:00' }));
  const files = {
    'a.csv': [csv, Buffer.from(table), Buffer.from(named)],
    'a.csv.gz': [gzipSync(csv), gzipSync(Buffer.alloc(20_000, '1\n'))],
    'a.mtx': [whole, coordinate],
    'a.npy': [writeNpy(matrix, [3, 3])],
    'a.npy.gz': [gzipSync(writeNpy(matrix, [3, 3]))],
    'a.npz': [npz],
    'a-images-idx3-ubyte': [idx, gzipSync(idx)],
  };
  return Object.entries(files).map(([name, examples]) => ({
    name: name.slice(2),
    examples,
    read: throughFile(name, folder, (path) => readArrayFile(path)),
  }));
}

function textReaders(folder) {
  const sweep =
    'model: linear\nloss: ce\nparameters: {growth: [0, 0.5]}\nd: [100, 400]\nN: "2*d"\nC: "round(2*d^growth)"\nseed: 7\n';
  const table = nullTable(
    { statistic: 's', weights: 'w', seed: '1', stream: 't', dimension: 2, samples: 2, replicates: 2 },
    [0.5, 1.5],
  );
  const tablesPath = join(folder, 'first.json');
  writeNullTables(tablesPath, new Map([[nullTableKey(table.settings), table]]));
  const formulas = [
    'x*tanh(log(1+exp(x)))',
    '0.5*x*(1+erf(x/sqrt(2)))',
    'x > 0 ? x : exp(x)-1',
    'max(x, 0.1*x)',
    'softplus(x)-1/(1+x^2)',
  ];
  return [
    {
      name: 'cifar',
      examples: [Buffer.alloc(3073), Buffer.alloc(3074)],
      read: (bytes) => readCifar(bytes, bytes.length % 2 === 0 ? 100 : 10),
    },
    {
      name: 'specification',
      examples: [printSpec(), sweep],
      read: (bytes) => expandSpec(loadSpec(text(bytes), 's.yaml')),
    },
    {
      name: 'training',
      examples: [printTrainSpec(), 'd: 20\nN: "3*d"\noptimiser: one-pass\nbatch: 2\nsteps: 9\nmarks: "0,50,100%"\n'],
      read: (bytes) => loadTrainSpec(text(bytes), 's.yaml'),
    },
    {
      name: 'rule',
      examples: ['ceil(sqrt(d))', 'd > 3 ? round(0.1*d) : 2*d^0.5'],
      read: (bytes) => compileExpression(parseExpression(text(bytes), 'N', ['d']), ['d'])(7),
    },
    { name: 'activation', examples: formulas, read: (bytes) => activationExpression(text(bytes), { kinks: [0] }) },
    { name: 'weights', examples: ['-1:0.3,1:0.5,2:0.2', '1,2,3'], read: (bytes) => parseWeights(text(bytes)) },
    {
      name: 'null tables',
      examples: [readFileSync(tablesPath)],
      read: throughFile('tables.json', folder, readNullTables),
    },
  ];
}

/** All of a matrix that is read by rows. */
function readRows(matrix) {
  try {
    for (let first = 0; first < matrix.rows; first += 1) matrix.read(first, new Float64Array(matrix.columns));
  } finally {
    matrix.close();
  }
}

function matrixReaders(folder) {
  const checkpoint = fixture('numpy/safetensors/model.safetensors');
  writeFileSync(join(folder, 'part-1.safetensors'), fixture('numpy/safetensors/part-1.safetensors'));
  const index = fixture('numpy/safetensors/sharded.safetensors.index.json');
  const ways = [
    ['a.npy', [writeNpy(matrix, [3, 3])], (path) => readRows(openMatrix(path).transposed())],
    ['a.safetensors', [checkpoint], (path) => readRows(openMatrix(`${path}#half.weight`))],
    ['a.safetensors.index.json', [index], (path) => readRows(openMatrix(`${path}#lm_head.weight`))],
  ];
  return ways.map(([name, examples, read]) => ({
    name: `${name.slice(2)} by rows`,
    examples,
    read: throughFile(name, folder, read),
  }));
}

/** Norms of blocks as an exporter writes them, and `about` by itself, of which most mutants of an archive touch nothing. */
function probeReaders(folder) {
  const tensor = { name: 'a.b', shape: [4, 3], partition: 'custom', blocks: 3, live: 3, floor: 'value' };
  const about = {
    ...{ kind: 'limitlaw-blocks', version: 1, classes: 7, samples: 5, dimension: 3, loss: 'ce', initialisation: 0 },
    ...{ step: null, label: 'tiny', finalNorm: 'rms', cosineSquare: 0.5, sequence: 5, tensors: [tensor] },
  };
  const text = Buffer.from(JSON.stringify(about));
  const archive = (bytes) =>
    zipSync(
      Object.fromEntries(
        Object.entries({
          about: writeNpy([...bytes]),
          'a.b/blocks': writeNpy([2, 0]),
          'a.b/partition': writeNpy([0, 1, 2, 2]),
          'a.b/gauss_newton/diagonal': writeNpy([1, 2, 3, 4], [2, 2]),
          'a.b/gauss_newton/off': writeNpy([0.5, 0, 1, 2], [2, 2]),
          'a.b/hessian/diagonal': writeNpy([1, 2, 3, 4], [2, 2]),
          'a.b/hessian/off': writeNpy([0.5, 0, 1, 2], [2, 2]),
        }).map(([name, content]) => [`${name}.npy`, content]),
      ),
      { mtime: '1980-01-01T00:00:00', level: 0 },
    );
  const read = throughFile('probes.npz', folder, (path) => readProbeFile(path));
  return [
    { name: 'probes', examples: [Buffer.from(archive(text))], read },
    { name: 'what probes are of', examples: [text], read: (bytes) => read(archive(bytes)) },
  ];
}

/** A results file cut down to a few kilobytes: of every long list the beginning, of a table of pixels one row. */
function shortened(value) {
  if (Array.isArray(value)) return value.slice(0, 3).map(shortened);
  if (value === null || typeof value !== 'object') return value;
  const short = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
  if ('values' in short && 'columns' in short) return { ...short, rows: 1, columns: short.values.length };
  return 'values' in short && 'order' in short ? { ...short, order: 1, values: short.values.slice(0, 1) } : short;
}

function drawAll(results) {
  for (const { build } of figuresOf(results.kind === 'train' ? [results] : results)) {
    const figure = build();
    if (figure !== undefined) captionTex(figure, textHtml(figure.caption));
  }
}

function resultReaders(folder) {
  const whole = shortened(JSON.parse(fixture('results/synthetic.json').toString('utf8')));
  const { hidden, linear } = JSON.parse(fixture('results/training.json').toString('utf8'));
  const asFiles = (...results) => results.map((result) => JSON.stringify(result, null, 1));
  return [
    {
      name: 'results for figures',
      examples: asFiles(whole, shortened(hidden), shortened(linear)),
      read: throughFile('results.json', folder, () => {
        const results = readResults(folder);
        return refuseDamage(folder, () => drawAll(results));
      }),
    },
  ];
}

/** What compare reads, each way that it is given. */
async function givenReaders(folder) {
  const backend = await createBackend('reference');
  const [nodes, weights] = [join(folder, 'nodes.npy'), join(folder, 'weights.npy')];
  writeFileSync(nodes, writeNpy([1, 2, 4, 1, 3, 3], [2, 3]));
  writeFileSync(weights, writeNpy([0.5, 0.25, 0.25, 0.125, 0.5, 0.375], [2, 3]));
  const dimension = 9;
  const list = '0.5\n1\n1.5\n';
  const table = '2,0.5,0.25\n0.5,3,0.125\n0.25,0.125,4.25\n';
  const unit = '1,0.5,0.25\n0.5,1,0.125\n0.25,0.125,1\n';
  const probes = '0.5,0.25,0.25\n0.125,0.5,0.375\n';
  const ways = [
    ['eigenvalues', [list, probes], (path) => ({ eigenvalues: path })],
    ['correlations', [list], (path) => ({ eigenvalues: path, correlation: true })],
    ['largest', [list], (path) => ({ eigenvalues: path, top: true, dimension })],
    ['matrix', [table, unit], (path) => ({ matrix: path })],
    ['data', [table, probes], (path) => ({ data: path, centre: true })],
    ['scaled data', [table, unit], (path) => ({ data: path, scale: true })],
    ['nodes of Lanczos', [probes], (path) => ({ ritzValues: path, ritzWeights: weights, dimension })],
    ['weights of nodes', [probes], (path) => ({ ritzValues: nodes, ritzWeights: path, dimension })],
  ];
  return ways.map(([name, examples, options]) => ({
    name: `${name} to compare`,
    examples: examples.map((example) => Buffer.from(example)),
    read: throughFile('given.csv', folder, (path) => readGiven(options(path), backend)),
  }));
}

/** Readers that go wrong, to see that it is noticed. */
export const faultyReaders = [
  { name: 'a stack', examples: ['x'], read: () => null.length },
  {
    name: 'a hang',
    examples: ['x'],
    read: () => {
      for (;;);
    },
  },
  { name: 'memory', examples: ['x'], read: () => waitWith(Buffer.alloc(2 ** 30, 1)) },
];

const waitWith = (held) => setTimeout(500, held);

/** All readers; files go below a new folder, which `close` removes. */
export async function openReaders() {
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-fuzz-'));
  const readers = [
    ...arrayReaders(folder),
    ...matrixReaders(folder),
    ...textReaders(folder),
    ...probeReaders(folder),
    ...resultReaders(folder),
    ...(await givenReaders(folder)),
  ];
  return { readers, close: () => rmSync(folder, { recursive: true, force: true }) };
}
