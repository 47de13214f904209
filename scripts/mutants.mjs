// Small wrong changes of the theory, one at a time, and whether a claim or a unit test notices. `npm run mutants [--
// options]`. Writes docs/tables/mutants.md; a run that is ended goes on where it stopped (limitlaw-runs/mutants.jsonl).
// Exit 0 when every change is noticed by all that should, 1 when not, 2 for wrong options or a list that no longer fits
// the source, 3 when the unchanged program is not clean.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { StaleList, requireFresh } from './mutants/applyMutant.mjs';
import { openJournal } from './journal.mjs';
import { isSurvivor, mutantsTable } from './mutants/mutantsTable.mjs';
import { isCaught, runClaims, runTests } from './mutants/runHalf.mjs';
import { createTreeCopy, digestOf, digestOfFiles } from './mutants/treeCopy.mjs';

const usage = `npm run mutants -- [options]
  --only ID,…       only these changes, and no table unless --out is given
  --claims-only     ask the claims alone; what unit tests said before stays in the table
  --tests-only      ask the unit tests alone
  --workers N       changes at once, one process each (2)
  --table-only      run nothing: the table from what is finished
  --list            name the changes, after making sure that each fits the source, and stop
  --mutants FILE    another list than scripts/mutants/list.mjs
  --journal FILE    finished runs (limitlaw-runs/mutants.jsonl)
  --out FILE        the table (docs/tables/mutants.md)
`;
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

class UsageFault extends Error {}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        only: { type: 'string' },
        'claims-only': { type: 'boolean', default: false },
        'tests-only': { type: 'boolean', default: false },
        workers: { type: 'string', default: '2' },
        'table-only': { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        mutants: { type: 'string', default: `${root}/scripts/mutants/list.mjs` },
        journal: { type: 'string', default: `${root}/limitlaw-runs/mutants.jsonl` },
        out: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageFault(error.message);
  }
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > 64)
    throw new UsageFault(`--workers must be a whole number from 1 to 64, got '${values.workers}'`);
  if (values['claims-only'] && values['tests-only'])
    throw new UsageFault('--claims-only and --tests-only exclude each other: give one of them');
  return { ...values, workers };
}

function chosen(mutants, only) {
  if (only === undefined) return mutants;
  const ids = only.split(',');
  const unknown = ids.filter((id) => !mutants.some((mutant) => mutant.id === id));
  if (unknown.length > 0) throw new UsageFault(`--only: no change is named ${unknown.join(', ')}; --list names them`);
  return mutants.filter(({ id }) => ids.includes(id));
}

/** The two halves: what they ask of a mutant, on what their answer depends, and how it is got. */
function halvesOf(options) {
  const program = digestOf(root, ['theory', 'simulations', 'figures', 'src']);
  const library = digestOf(root, ['theory', 'simulations', 'test'], (name) => !name.endsWith('.test.ts'));
  const claims = {
    name: 'claims',
    tree: () => program,
    asks: ({ claims, preset }) => claims && { claims, preset },
    async run(copy, question, id) {
      copy.bundle();
      return runClaims(copy, question, id);
    },
  };
  const tests = {
    name: 'tests',
    tree: ({ tests }) => `${library} ${digestOfFiles(root, tests)}`,
    asks: ({ tests, pattern }) => tests && { tests, pattern },
    run: (copy, question) => runTests(copy, question),
  };
  return {
    all: [claims, tests],
    run: options['claims-only'] ? [claims] : options['tests-only'] ? [tests] : [tests, claims],
  };
}

/** One entry a run: of a mutant, or (without one) of the unchanged program, once for each set of questions. */
function jobsOf(mutants, halves) {
  const baselines = new Map();
  const jobs = [];
  for (const half of halves) {
    for (const mutant of mutants) {
      const question = half.asks(mutant);
      if (question === undefined) continue;
      const { find, replace, file } = mutant;
      const entry = { half: half.name, tree: half.tree(question), question };
      baselines.set(JSON.stringify(entry), { half, entry: { id: 'unchanged', ...entry } });
      jobs.push({ half, mutant, entry: { id: mutant.id, ...entry, change: { find, replace, file } } });
    }
  }
  return { baselines: [...baselines.values()], jobs };
}

async function main() {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { mutants: list } = await import(pathToFileURL(resolve(options.mutants)).href);
  await requireFresh(root, list);
  if (options.list) {
    for (const { id, file, what } of list) process.stdout.write(`${id}  theory/${file}  ${what}\n`);
    return 0;
  }
  const mutants = chosen(list, options.only);
  const halves = halvesOf(options);
  const journal = openJournal(resolve(options.journal));
  if (options['table-only']) return report(options, list, mutants, halves, journal);
  const { baselines, jobs } = jobsOf(mutants, halves.run);
  await runAll(baselines, journal, options.workers);
  const unclean = baselines.filter(
    ({ entry }) =>
      isCaught(journal.get(entry)) || journal.get(entry).note !== undefined || journal.get(entry).passed === 0,
  );
  if (unclean.length > 0) {
    for (const { entry } of unclean)
      process.stderr.write(
        `mutants: unchanged, ${JSON.stringify(entry.question)}: ${JSON.stringify(journal.get(entry))}\n`,
      );
    process.stderr.write('mutants: the unchanged program must be clean, or a change would be blamed for its faults\n');
    return 3;
  }
  await runAll(jobs, journal, options.workers);
  return report(options, list, mutants, halves, journal);
}

/** Runs what the journal does not hold, several at once, each in a copy of its own. */
async function runAll(jobs, journal, workers) {
  const waiting = jobs.filter(({ entry }) => journal.get(entry) === undefined);
  let done = 0;
  const work = async () => {
    if (waiting.length === done) return;
    const copy = createTreeCopy(root);
    try {
      for (let job = waiting[done++]; job !== undefined; job = waiting[done++]) {
        const { half, mutant, entry } = job;
        const place = done;
        const started = performance.now();
        if (mutant !== undefined) await copy.change(mutant);
        const result = await half.run(copy, entry.question, entry.id);
        copy.restore();
        journal.add(entry, result);
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        const word = isCaught(result) ? (mutant ? 'noticed' : 'not clean') : mutant ? 'NOT NOTICED' : 'clean';
        process.stderr.write(`${place}/${waiting.length} ${entry.id}, ${half.name}: ${word} (${seconds} s)\n`);
      }
    } finally {
      copy.remove();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, waiting.length) }, work));
}

/** Writes the table of the whole list, and tells what went unnoticed among the mutants chosen. */
function report(options, list, mutants, halves, journal) {
  const rowOf = (mutant) => ({
    mutant,
    ...Object.fromEntries(jobsOf([mutant], halves.all).jobs.map(({ half, entry }) => [half.name, journal.get(entry)])),
  });
  if (options.only === undefined || options.out !== undefined) {
    const out = resolve(options.out ?? `${root}/docs/tables/mutants.md`);
    mkdirSync(dirname(out), { recursive: true });
    const sorted = list.map(rowOf).sort((a, b) => (a.mutant.file + a.mutant.id < b.mutant.file + b.mutant.id ? -1 : 1));
    writeFileSync(out, mutantsTable(sorted));
    process.stderr.write(`wrote ${out}\n`);
  }
  const rows = mutants.map(rowOf);
  const survivors = rows.filter(isSurvivor);
  const unseen = rows.filter(({ claims }) => claims !== undefined && !isCaught(claims));
  const tell = (words, found) =>
    found.length > 0 && process.stderr.write(`mutants: ${words}: ${found.map(({ mutant }) => mutant.id).join(', ')}\n`);
  tell('noticed by nobody', survivors);
  tell('asked of a claim, which did not disagree', unseen);
  const untested = rows.filter(({ tests }) => tests !== undefined && !isCaught(tests));
  tell('no unit test fails', untested);
  return survivors.length + unseen.length > 0 ? 1 : 0;
}

// Ended by hand, it still takes its copies away; what is finished is in the journal.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof StaleList || error instanceof UsageFault)) throw error;
  process.stderr.write(
    error instanceof StaleList
      ? `mutants: the list no longer fits the source\n${error.message}\n`
      : `mutants: ${error.message}\n`,
  );
  process.exitCode = 2;
}
