// False alarms of every test of `limitlaw check` on true laws: the first table of docs/tables/calibration.md.
// Usage: npm run build && node scripts/falseAlarms.mjs [--runs 400] [--first 0] [--claims linear-ce,…] [--groups law,…]
// [--journal FILE[,FILE…]] [--table]
//
// The claims' own plans and judgements at the sizes of `calibrationPreset`, run r from the root seed "1/calibration r" as
// in `limitlaw check --calibrate`, in this one thread and of one group of tests at a time, so that a test that was changed
// is measured again without the others. Every run leaves one line in the journal; runs that stand there are not made
// again. With --table the journals become the table, on standard output. 5 s of one core for a run of all groups and claims.
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clopperPearsonInterval } from '../dist/simulations/comparisons/index.js';
import { createBackend } from '../dist/simulations/linalg/index.js';
import { claimIds, claims } from '../dist/src/claims/index.js';
import { calibrationPreset } from '../dist/src/claims/presets.js';
import { performTask } from '../dist/src/draws/check/index.js';
import { createEnvironment } from '../dist/src/draws/environment.js';
import { unperturbed } from '../dist/src/draws/perturbation.js';
import { readRecords } from './journal.mjs';

const spectra = (task) => task.kind === 'law' && task.purpose === 'law';
/** Which tasks feed a group of tests; of those about a law, without what only the tests of its weights and draws need. */
const groups = {
  law: (task) =>
    spectra(task) ? [{ ...task, nulls: 0, claimed: task.claimed.map((part) => ({ ...part, weights: false })) }] : [],
  draws: (task) => (spectra(task) ? [{ ...task, claimed: task.claimed.map(withoutStatistics) }] : []),
  outliers: (task) => (task.kind === 'law' && task.purpose === 'outliers' ? [task] : []),
  ...Object.fromEntries(
    ['traces', 'weights', 'norm', 'moments', 'output', 'cross'].map((kind) => [
      kind,
      (task) => (task.kind === kind ? [task] : []),
    ]),
  ),
};
const withoutStatistics = (part) => ({ ...part, statistics: false });
const LEVELS = [0.05, 0.01];
const CONFIDENCE = 0.99;

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '400' },
    first: { type: 'string', default: '0' },
    claims: { type: 'string', default: claimIds.join() },
    groups: { type: 'string', default: Object.keys(groups).join() },
    journal: { type: 'string', default: 'falseAlarms.jsonl' },
    table: { type: 'boolean', default: false },
  },
});
const journals = options.journal.split(',');
const lines = journals.flatMap(readRecords);

if (options.table) process.stdout.write(table(lines));
else await measure(new Set(lines.map(({ claim, group, run }) => `${claim} ${group} ${run}`)));

async function measure(known) {
  const environment = createEnvironment(await createBackend('auto'));
  const first = Number(options.first);
  for (let run = first; run < first + Number(options.runs); run++) {
    const context = {
      preset: calibrationPreset,
      seed: `1/calibration ${run}`,
      perturbation: unperturbed,
      withoutAlternatives: true,
    };
    for (const claim of options.claims.split(',')) {
      const plan = claims[claim].plan(context);
      for (const group of options.groups.split(',')) {
        const tasks = plan.flatMap(groups[group]);
        if (tasks.length === 0 || known.has(`${claim} ${group} ${run}`)) continue;
        const finished = [];
        for (const task of tasks) finished.push({ task, result: await performTask(task, environment) });
        const tests = claims[claim]
          .judge({ ...context, finished })
          .tests.map(({ name, label, pValue }) => [name, pValue ?? 1, label]);
        appendFileSync(journals[0], `${JSON.stringify({ claim, group, run, tests })}\n`);
      }
    }
  }
}

function table(runs) {
  const rows = new Map();
  const counted = new Set();
  for (const { claim, run, tests } of runs) {
    for (const [name, pValue, label] of tests) {
      // Two groups may feed the same test.
      const key = `${claim} ${name} ${run}`;
      if (counted.has(key)) continue;
      counted.add(key);
      const row = rows.get(`${claim} ${name}`) ?? { claim, label: label ?? name, runs: 0, counts: LEVELS.map(() => 0) };
      row.runs++;
      LEVELS.forEach((level, k) => (row.counts[k] += pValue <= level ? 1 : 0));
      rows.set(`${claim} ${name}`, row);
    }
  }
  const outside = LEVELS.map(() => ({ above: 0, below: 0 }));
  const cells = ({ runs: count, counts }) =>
    LEVELS.map((level, k) => {
      const [low, high] = clopperPearsonInterval(counts[k], count, CONFIDENCE);
      if (low > level) outside[k].above++;
      if (high < level) outside[k].below++;
      const mark = low > level ? ' **above**' : high < level ? ' below' : '';
      return `${counts[k]}/${count} | ${percent(low)} – ${percent(high)}${mark}`;
    });
  const sorted = [...rows.values()].sort((a, b) => claimIds.indexOf(a.claim) - claimIds.indexOf(b.claim));
  const body = sorted.map((row) => `| ${row.claim} | ${row.label} | ${cells(row).join(' | ')} |`);
  const total = (k) => sorted.reduce((sum, { counts }) => sum + counts[k], 0);
  const all = sorted.reduce((sum, { runs: count }) => sum + count, 0);
  return `Of ${sorted.length} tests ${outside[0].above} have their interval above the level and ${outside[0].below} below it at 0.05, ${outside[1].above} above and ${outside[1].below} below at 0.01. All runs of all
tests together: ${percent(total(0) / all)} at 0.05, ${percent(total(1) / all)} at 0.01.

| claim | test | p ≤ 0.05 | interval | p ≤ 0.01 | interval |
| --- | --- | --- | --- | --- | --- |
${body.join('\n')}
`;
}

function percent(value) {
  return `${(100 * value).toFixed(1)} %`;
}
