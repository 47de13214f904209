// Reads damaged inputs one after another; says in shared memory at which it is and how many were read and refused, and in
// messages what went wrong.
import { parentPort, workerData } from 'node:worker_threads';
import { damaged, generator } from './mutate.mjs';
import { faultyReaders, openReaders } from './readers.mjs';

const { seed, from, to, place, faulty } = workerData;
const opened = await openReaders();
const readers = faulty ? faultyReaders : opened.readers;
// Damage tells something only of what is read when it is whole.
for (const { name, examples, read } of opened.readers) for (const example of examples) await whole(name, example, read);

async function whole(reader, example, read) {
  try {
    await read(Buffer.from(example));
  } catch (error) {
    parentPort.postMessage({ index: -1, reader, problem: `a whole input is refused: ${error.message}` });
  }
}

const shown = (input) => Buffer.from(input).subarray(0, 300).toString('latin1');

for (let index = from; index < to; index++) {
  const random = generator(seed + index);
  const reader = readers[index % readers.length];
  const input = damaged(reader.examples[random(reader.examples.length)], random);
  Atomics.store(place, 0, index + 1);
  try {
    await reader.read(input);
    Atomics.add(place, 1, 1);
  } catch (error) {
    Atomics.add(place, 2, 1);
    if (error.name !== 'UsageError' && error.name !== 'NumericalError')
      parentPort.postMessage({ index, reader: reader.name, problem: error.stack, input: shown(input) });
    else if (/\n\s+at .*:\d+:\d+/.test(error.message))
      parentPort.postMessage({ index, reader: reader.name, problem: 'a stack in the message', input: shown(input) });
  }
  // What damaging the next one takes is not counted.
  Atomics.store(place, 0, 0);
}
opened.close();
