// Damages valid inputs of every reader and reads them: what is refused must be refused by a sentence, within 2 s of
// processor time and 512 MB. `node scripts/fuzzReaders.mjs [--inputs 100000] [--seed 1] [--from 0]` after a build; an
// input is told by seed and number alone. Exit code 1 when something is wrong;
// --faulty reads with three readers that are.
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    faulty: { type: 'boolean', default: false },
    from: { type: 'string', default: '0' },
  },
});
const [inputs, seed, first] = [values.inputs, values.seed, values.from].map(Number);
const LONGEST = 2;
const LARGEST = 512 * 2 ** 20;

const wrong = [];
/** Number of the input that is being read, from 1; how many were read, and refused. */
const place = new Int32Array(new SharedArrayBuffer(12));
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Reads inputs from `from` on; returns the number of the next, after one that had to be stopped. */
function readFrom(from) {
  const worker = new Worker(new URL('fuzz/worker.mjs', import.meta.url), {
    workerData: { seed, from, to: first + inputs, place, faulty: values.faulty },
    resourceLimits: { maxOldGenerationSizeMb: 400 },
  });
  return new Promise((resolve) => {
    let seen = 0;
    let since = processorTime();
    const stop = (problem) => {
      clearInterval(watch);
      const at = Atomics.exchange(place, 0, 0);
      wrong.push({ index: at - 1, problem });
      worker.removeAllListeners();
      worker.terminate().then(() => resolve(at === 0 ? first + inputs : at));
    };
    const watch = setInterval(() => {
      const at = Atomics.load(place, 0);
      if (at !== seen) [seen, since] = [at, processorTime()];
      else if (at > 0 && processorTime() - since > LONGEST) stop(`it takes more than ${LONGEST} s`);
      if (process.memoryUsage.rss() > LARGEST) stop('more than 512 MB are in use');
    }, 50);
    worker.on('message', (problem) => wrong.push(problem));
    worker.on('error', (error) => stop(String(error.stack)));
    worker.on('exit', () => {
      clearInterval(watch);
      resolve(first + inputs);
    });
  });
}

for (let next = first; next < first + inputs;) next = await readFrom(next);
for (const { index, reader, problem, input } of wrong.slice(0, 20))
  console.error(
    `input ${index}${reader === undefined ? '' : ` of ${reader}`}: ${problem}${input === undefined ? '' : `\n  ${JSON.stringify(input)}`}`,
  );
const peak = process.resourceUsage().maxRSS / 1024;
console.log(
  `${inputs} damaged inputs, seed ${seed}: ${place[1]} read, ${place[2]} refused in words, ${wrong.length} wrong; ${processorTime().toFixed(0)} s of processor time, at most ${peak.toFixed(0)} MB`,
);
process.exitCode = wrong.length > 0 ? 1 : 0;
