import { parentPort } from 'node:worker_threads';

/**
 * The worker's side of `runTasks`: answers every task with what `perform` returns. Typed arrays listed by `transfer`
 * are moved rather than copied. A task that takes long may `tell` something before, which arrives at once.
 */
export function serveTasks<Task, Result>(
  perform: (task: Task, tell: (note: unknown) => void) => Result | Promise<Result>,
  transfer: (result: Result) => ArrayBuffer[] = () => [],
): void {
  const port = parentPort;
  if (port === null) throw new Error('serveTasks runs inside a worker thread only');
  port.on('message', async ({ index, task }: { index: number; task: Task }) => {
    try {
      const result = await perform(task, (note) => port.postMessage({ index, note }));
      port.postMessage({ index, result }, transfer(result));
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      port.postMessage({ index, error: { name, message } });
    }
  });
}
