// The table of docs/speed.md, from bench/results.json: what `npm run bench` writes there, and what a test holds the
// document against.
const seconds = (value) => `${value.toPrecision(3)} s`;

const PROGRAMS = ['wasm', 'native', 'numpy'];

/** Whose times the picture of one draw's cost shows. */
export const curvesSource = ({ machine, native, numpy }) =>
  `${machine.processor}, Node ${machine.node}; ${native ?? 'no OpenBLAS'}; ${numpy ?? 'no NumPy'}; all on one thread.`;

/** One draw alone: seconds of processor of each program, and ratios to NumPy. */
function drawTable({ single }) {
  const rows = single.map(({ kind, d, n, classes, width, logitPrecision, seconds: times, ratios }) => {
    const cell = (name) => {
      if (times[name] === undefined) return '';
      const ratio = ratios?.[name] === undefined ? '' : `, ${ratios[name].toFixed(2)} times`;
      return `${seconds(times[name])}${ratio}`;
    };
    const setting = [
      ...[kind, d, n, classes, ...(kind === 'hidden-ce' ? [`m = ${width}`] : [])],
      ...(logitPrecision === undefined ? [] : [`logits ${logitPrecision}`]),
    ].join(', ');
    return `| ${[setting, cell('numpy'), cell('wasm'), cell('native')].join(' | ')} |`;
  });
  return ['| model, d, N, C | NumPy | embedded kernels | OpenBLAS |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** What stands below the whole processes: one draw without laws, on its own machine. */
const drawPart = (oneDraw) => [
  `One draw without laws (inputs, layers, weights and all eigenvalues of a diagonal and an off-diagonal block), seconds of processor after a first draw that is not counted, programs in turns${busy(oneDraw)}. ${curvesSource(oneDraw)}`,
  drawTable(oneDraw),
  exponentsTable(oneDraw),
  `![Cost of one draw against each of its sizes](pictures/cost-curves.svg)`,
];

/** Times of a machine that others use are ratios at best. */
const busy = ({ loadAverage, machine }) =>
  loadAverage > machine.threads ? `, beside other programs (load average ${Math.round(loadAverage)})` : '';

/** Fitted powers of each size. */
const exponentsTable = ({ curves }) =>
  [
    '| seconds of one draw as a power of | from | embedded | OpenBLAS | NumPy |',
    '| --- | --- | --- | --- | --- |',
    ...curves.map(
      ({ name, from, exponents }) =>
        `| ${[name, from, ...PROGRAMS.map((program) => exponents[program]?.toFixed(2) ?? '')].join(' | ')} |`,
    ),
  ].join('\n');

/** Markdown between that document's two `<!-- speed -->` marks. */
export function benchTable({ machine, numpy, environment, kernels, endToEnd, laws, scale, oneDraw }) {
  const natives = endToEnd.some(({ programs }) => programs.native !== undefined);
  const rows = endToEnd.map(({ arguments: [model, d, n, c, replicates], programs, ratios }) => {
    const cell = (name) =>
      programs[name] === undefined
        ? []
        : [`${seconds(programs[name].wallSeconds)}, ${ratios[name].wall.toFixed(2)} times`];
    return [
      `${model}, ${d}, ${n}, ${c}, ${replicates}`,
      seconds(programs.numpy.wallSeconds),
      ...cell('wasm'),
      ...cell('native'),
    ];
  });
  const table = (heads, body) =>
    [
      `| ${heads.join(' | ')} |`,
      `|${' --- |'.repeat(heads.length)}`,
      ...body.map((row) => `| ${row.join(' | ')} |`),
    ].join('\n');
  const rate = (name) => `${kernels[name].rate} ${kernels[name].unit}`;
  const openBlas = Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
  return `${[
    `${machine.processor}, ${machine.threads} threads, Node ${machine.node}, ${numpy}${openBlas === '' ? '' : ` (${openBlas})`}. Whole processes on one thread, medians; "times" is this program over NumPy's.`,
    table(['model, d, N, C, draws', 'NumPy', 'embedded kernels', ...(natives ? ['OpenBLAS'] : [])], rows),
    table(
      ['CDF at 1000 points, law built too', 'NumPy, same nodes', 'here', 'faster'],
      laws.map(({ law, numpyMilliseconds, cdfMilliseconds, ratio }) => [
        law,
        `${numpyMilliseconds.toFixed(0)} ms`,
        `${cdfMilliseconds.toFixed(1)} ms`,
        `${ratio.toFixed(0)} times`,
      ]),
    ),
    `Weighted Gram ${rate('wasm: weighted Gram')} and eigenvalues ${rate('wasm: eigenvalues of a matrix')} on one thread, where multiply-adds on registers alone reach ${rate('limit (wasm, registers only)')}. ` +
      `Two workers draw ${scale.throughput.ratio} times as much as one. ` +
      `${scale.large.map(({ name, backend, wallSeconds, peakMegabytes }) => `${name}: two blocks in ${wallSeconds} s and ${peakMegabytes} MB (${backend})`).join('; ')}.`,
    ...(oneDraw === undefined ? [] : drawPart(oneDraw)),
  ].join('\n\n')}\n`;
}
