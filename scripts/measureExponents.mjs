// How often the rate of a distance is judged rightly: the false-alarm and miss rates stated in
// src/pipeline/sweep/distanceRate.ts. Needs a build. `node scripts/measureExponents.mjs [--draws 1000] [--sizes 24,48,96]
// [--regime NAME]` For each regime, `draws` distances at each size, cut into sweeps of 5, 10 and 20 draws a size; each
// sweep is fitted and judged by the program's own rule. One line each: mean and deviation of the exponent, share of
// sweeps where the distance is said to vanish or to stay.
import { parseArgs } from 'node:util';
import { createEnvironment } from '../dist/src/draws/environment.js';
import { performSweepTask } from '../dist/src/draws/sweep/sweepTask.js';
import { distanceRate, rateRules } from '../dist/src/pipeline/sweep/distanceRate.js';
import { createBackend } from '../dist/simulations/linalg/index.js';

const { values: options } = parseArgs({
  options: {
    draws: { type: 'string', default: '1000' },
    sizes: { type: 'string', default: '24,48,96' },
    regime: { type: 'string' },
  },
});
const draws = Number(options.draws);
const sizes = options.sizes.split(',').map(Number);

const gaussian = { distribution: 'gaussian' };
const fixed = () => 5;
const proportional = (d) => Math.round(0.2 * d);
const toeplitz = (correlation) => ({ distribution: 'toeplitz', correlation });
const student = (degrees) => ({ distribution: 'student', degrees, radius: 'shared' });
// Where the law holds: false alarms. Elsewhere: misses.
const REGIMES = [
  { name: 'C = 5, diagonal', holds: true, classes: fixed, claimed: fixed, inputs: gaussian },
  {
    name: 'C = 5, off-diagonal',
    holds: true,
    classes: fixed,
    claimed: fixed,
    inputs: gaussian,
    block: 'output-off-diagonal',
  },
  { name: 'C = 0.2 d', holds: true, classes: proportional, claimed: proportional, inputs: gaussian },
  {
    name: 'law of C = 5, C = 0.2 d',
    holds: false,
    classes: proportional,
    claimed: fixed,
    inputs: gaussian,
    only: 'law',
  },
  {
    name: 'law of C = 5, C = 5 √(d/24)',
    holds: false,
    classes: (d) => Math.round(5 * Math.sqrt(d / 24)),
    claimed: fixed,
    inputs: gaussian,
    only: 'law',
  },
  { name: 't(5) radii', holds: false, classes: fixed, claimed: fixed, inputs: student(5) },
  { name: 't(10) radii', holds: false, classes: fixed, claimed: fixed, inputs: student(10) },
  { name: 'Toeplitz 0.6', holds: false, classes: fixed, claimed: fixed, inputs: toeplitz(0.6) },
  { name: 'Toeplitz 0.3', holds: false, classes: fixed, claimed: fixed, inputs: toeplitz(0.3) },
];

const environment = createEnvironment(await createBackend('wasm'));
for (const regime of REGIMES.filter(({ name }) => options.regime === undefined || name === options.regime)) {
  const distances = { law: sizes.map(() => []), weights: sizes.map(() => []) };
  for (const [k, dimension] of sizes.entries()) {
    for (let replicate = 0; replicate < draws; replicate++) {
      const {
        blocks: [block],
      } = await performSweepTask(
        {
          point: dimension,
          replicate,
          seed: `exponents, ${regime.name}`,
          nulls: 0,
          expression: undefined,
          layers: undefined,
          settings: {
            model: 'linear',
            loss: 'ce',
            activation: 'tanh',
            initialisation: 'lecun',
            dimension,
            samples: 2 * dimension,
            classes: regime.classes(dimension),
            width: 0,
          },
          inputs: regime.inputs,
          claimedClasses: regime.claimed(dimension),
          blocks: [regime.block ?? 'output-diagonal'],
          compare: regime.only === 'law' ? ['law'] : ['law', 'weights'],
        },
        environment,
      );
      distances.law[k].push(block.law);
      if (block.weights !== undefined) distances.weights[k].push(block.weights.observed);
    }
  }
  for (const name of ['law', 'weights']) {
    if (distances[name][0].length === 0) continue;
    for (const replicates of [5, 10, 20]) {
      const rates = Array.from({ length: Math.floor(draws / replicates) }, (_, sweep) =>
        distanceRate(
          sizes,
          distances[name].map((list) => list.slice(sweep * replicates, (sweep + 1) * replicates)),
          rateRules[name],
        ),
      );
      const exponents = rates.map(({ fit }) => fit.exponent);
      const mean = exponents.reduce((a, b) => a + b) / exponents.length;
      const deviation = Math.sqrt(exponents.reduce((sum, b) => sum + (b - mean) ** 2, 0) / (exponents.length - 1));
      const share = (verdict) => (rates.filter((rate) => rate.verdict === verdict).length / rates.length).toFixed(3);
      console.log(
        `${regime.name}, ${name} (${regime.holds ? 'holds' : 'fails'}): ${replicates} draws, ${rates.length} sweeps, exponent ${mean.toFixed(2)} ± ${deviation.toFixed(2)}, vanishes ${share('vanishes')}, stays ${share('stays')}`,
      );
    }
  }
}
