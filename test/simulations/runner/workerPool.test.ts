import { describe, expect, test } from '@jest/globals';
import { runTasks } from '../../../simulations/runner/index.js';

/** Doubles its number after a wait that makes later tasks end first; refuses 13; dies at 99. */
const workerUrl = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ index, task }) => {
      if (task === 99) process.exit(3);
      setTimeout(() => parentPort.postMessage(task === 13 ? { index, error: { name: 'NumericalError', message: 'unlucky' } } : { index, result: 2 * task }), 20 - 2 * index);
    });
  `)}`,
);

/** Tells its number twice, then answers. */
const tellingUrl = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ index, task }) => {
      parentPort.postMessage({ index, note: task });
      parentPort.postMessage({ index, note: -task });
      parentPort.postMessage({ index, result: task });
    });
  `)}`,
);

describe('runTasks', () => {
  test('what a task tells before it ends arrives before its result; an error of who listens ends the run', async () => {
    const heard: unknown[] = [];
    const tasks = [7, 8];
    const { results } = await runTasks<number, number>({
      workerUrl: tellingUrl,
      workers: 1,
      tasks,
      onNote: (index, note) => heard.push([index, note]),
      onResult: (index) => heard.push(index),
    });
    expect(results).toEqual(tasks);
    expect(heard).toEqual([[0, 7], [0, -7], 0, [1, 8], [1, -8], 1]);
    const onNote = () => {
      throw new Error('the disk is full');
    };
    await expect(runTasks({ workerUrl: tellingUrl, workers: 2, tasks, onNote })).rejects.toThrow('the disk is full');
  });

  test.each([1, 2, 4])(
    'gives results by index with %i workers, whatever the order in which they end',
    async (workers) => {
      const order: number[] = [];
      const { results, interrupted } = await runTasks<number, number>({
        workerUrl,
        workers,
        tasks: [1, 2, 3, 4, 5, 6],
        onResult: (index) => order.push(index),
      });
      expect(results).toEqual([2, 4, 6, 8, 10, 12]);
      expect(interrupted).toBe(false);
      expect(order).toHaveLength(6);
    },
  );

  test('a failing task ends the run under its own name and message', async () => {
    await expect(runTasks<number, number>({ workerUrl, workers: 2, tasks: [1, 13, 2] })).rejects.toMatchObject({
      name: 'NumericalError',
      message: 'unlucky',
    });
  });

  test('with onFailure the others go on, and its place stays empty', async () => {
    const failures: number[] = [];
    const { results } = await runTasks<number, number>({
      workerUrl,
      workers: 2,
      tasks: [1, 13, 2, 3],
      onFailure: (index) => failures.push(index),
    });
    expect(results).toEqual([2, undefined, 4, 6]);
    expect(failures).toEqual([1]);
  });

  test('a worker that dies is an error that names the task, with two workers at work', async () => {
    await expect(runTasks<number, number>({ workerUrl, workers: 2, tasks: [1, 2, 99, 4] })).rejects.toThrow(
      /stopped with code 3 during task 2/,
    );
  });

  test('an interruption returns what is finished', async () => {
    const interruption = new AbortController();
    const { results, interrupted } = await runTasks<number, number>({
      workerUrl,
      workers: 1,
      tasks: [1, 2, 3, 4],
      signal: interruption.signal,
      onResult: (_index, _result, done) => {
        if (done === 2) interruption.abort();
      },
    });
    expect(interrupted).toBe(true);
    expect(results).toEqual([2, 4, undefined, undefined]);
  });
});
