// Whether a preset decides, whatever the seed: the power of every claim of `limitlaw check` over many seeds.
// Usage: npm run build && node scripts/powers.mjs [--preset quick] [--seeds 20] [--first 1] [--claims hidden-ce,…]
// [--kinds moments,weights,output] [--journal FILE]
//
// Draws what powers rest on at the sizes of the preset (spectra only where --kinds names `law`), judges it and prints,
// for each alternative, the range over seeds of the draws that 0.95 asks for, the least power, and the seeds whose power
// is below 0.95: whose true claim would be undecided. Level of a test: 0.01 over the tests of a whole run, by Holm's
// first step. Every seed and claim leaves one line in the journal; those that stand there are not drawn again.
import { parseArgs } from 'node:util';
import { decisivePower } from '../dist/theory/names.js';
import { createBackend } from '../dist/simulations/linalg/index.js';
import { claimIds, claims } from '../dist/src/claims/index.js';
import { presets } from '../dist/src/claims/presets.js';
import { performTask } from '../dist/src/draws/check/index.js';
import { createEnvironment } from '../dist/src/draws/environment.js';
import { unperturbed } from '../dist/src/draws/perturbation.js';
import { openJournal } from './journal.mjs';

/** Tests in a whole run, or a few more. */
const testsOfRun = { quick: 160, paper: 350, full: 370 };

const { values: options } = parseArgs({
  options: {
    preset: { type: 'string', default: 'quick' },
    seeds: { type: 'string', default: '20' },
    first: { type: 'string', default: '1' },
    claims: { type: 'string', default: claimIds.join() },
    kinds: { type: 'string', default: 'moments,weights,output' },
    journal: { type: 'string', default: 'powers.jsonl' },
  },
});
const preset = presets[options.preset];
const level = 0.01 / testsOfRun[options.preset];
const kinds = options.kinds.split(',');
const environment = createEnvironment(await createBackend('auto'));
const journal = openJournal(options.journal);
const found = new Map();
for (let seed = Number(options.first); seed < Number(options.first) + Number(options.seeds); seed++) {
  for (const id of options.claims.split(',')) {
    const question = { preset: options.preset, kinds, seed, id };
    if (journal.get(question) === undefined) journal.add(question, await powersOf(id, `${seed}`));
    for (const { alternative, ...row } of journal.get(question)) {
      const name = `${id}: ${alternative}`;
      if (!found.has(name)) found.set(name, []);
      found.get(name).push(row);
    }
  }
}
for (const [name, rows] of found) {
  // JSON has no Infinity: where no number of draws would do, a journal gives null.
  const needed = rows.map(({ replicatesNeeded }) => replicatesNeeded ?? Infinity);
  const undecided = rows.filter(({ power }) => power < decisivePower).length;
  const least = Math.min(...rows.map(({ power }) => power));
  console.log(
    `${name}: ${Math.min(...needed)} to ${Math.max(...needed)} draws needed, least power ${least.toFixed(4)}, undecided ${undecided} of ${rows.length}`,
  );
}

async function powersOf(id, seed) {
  const context = { preset, seed, perturbation: unperturbed };
  const finished = [];
  for (const task of claims[id].plan(context))
    if (kinds.includes(task.kind)) finished.push({ task, result: await performTask(task, environment) });
  return claims[id].judge({ ...context, finished }).powers(level);
}
