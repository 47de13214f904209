// The table of docs/speed.md, from bench/results.json: what `npm run bench` writes there, and what a test holds the
// document against.
const seconds = (value) => `${value.toPrecision(3)} s`;

/** Markdown between that document's two `<!-- speed -->` marks. */
export function benchTable({ machine, numpy, environment, kernels, endToEnd, laws, scale }) {
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
  ].join('\n\n')}\n`;
}
