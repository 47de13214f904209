// Reads damaged inputs one after another; says in shared memory at which it is, and in messages what went wrong.
import { parentPort, workerData } from 'node:worker_threads';
import { damaged, generator } from './mutate.mjs';
import { openReaders } from './readers.mjs';

const { seed, from, to, place } = workerData;
const { readers, close } = await openReaders();
const outcomes = { read: 0, refused: 0 };
const shown = (input) => Buffer.from(input).subarray(0, 300).toString('latin1');

for (let index = from; index < to; index++) {
  const random = generator(seed + index);
  const reader = readers[index % readers.length];
  const input = damaged(reader.examples[random(reader.examples.length)], random);
  Atomics.store(place, 0, index + 1);
  try {
    await reader.read(input);
    outcomes.read++;
  } catch (error) {
    outcomes.refused++;
    if (error.name !== 'UsageError' && error.name !== 'NumericalError')
      parentPort.postMessage({ index, reader: reader.name, problem: error.stack, input: shown(input) });
    else if (/\n\s+at /.test(error.message))
      parentPort.postMessage({ index, reader: reader.name, problem: 'a stack in the message', input: shown(input) });
  }
}
Atomics.store(place, 0, 0);
close();
parentPort.postMessage({ outcomes });
