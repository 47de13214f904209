import { parentPort } from 'node:worker_threads';

/**
 * The worker's side of `runTasks`: answers every task with what `perform` returns. Typed arrays listed by `transfer`
 * are moved rather than copied.
 */
export function serveTasks<Task, Result>(
  perform: (task: Task) => Result | Promise<Result>,
  transfer: (result: Result) => ArrayBuffer[] = () => [],
): void {
  const port = parentPort;
  if (port === null) throw new Error('serveTasks runs inside a worker thread only');
  port.on('message', async ({ index, task }: { index: number; task: Task }) => {
    try {
      const result = await perform(task);
      port.postMessage({ index, result }, transfer(result));
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      port.postMessage({ index, error: { name, message } });
    }
  });
}
