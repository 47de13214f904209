import { describe, expect, it } from '@jest/globals';
import { predictMemory } from '../../../simulations/models/predictMemory.js';
import { UsageError } from '../../../theory/errors.js';
import { memoryOfRun, memoryOfWorker, requireRunMemory } from '../../../src/pipeline/run/memory.js';

const size = (dimension: number) =>
  ({
    model: 'linear',
    loss: 'ce',
    activation: 'relu',
    initialisation: 'lecun',
    dimension,
    samples: 2 * dimension,
    classes: 3,
    width: 0,
  }) as const;
const job = (...dimensions: number[]) => {
  const tasks = dimensions.map(size);
  return { kind: 'sweep', tasks, sizeOf: (task: (typeof tasks)[number]) => task, worker: 'a' } as const;
};
const limit = { bytes: 2 ** 31, says: 'the machine has' };

describe('memory of a run', () => {
  it('has a worker keep its four largest workspaces and one draw', () => {
    const workspaces = [200, 300, 400, 500].map((dimension) => predictMemory(size(dimension)).workspace);
    const { draw, block } = predictMemory(size(500));
    const expected = workspaces.reduce((sum, bytes) => sum + bytes, draw + block);
    const runtime = memoryOfWorker([size(100)]) - predictMemory(size(100)).total;
    expect(memoryOfWorker([100, 200, 300, 400, 500].map(size))).toBeCloseTo(expected + runtime, 6);
  });

  it('grows by a worker for each worker, but for a job that draws in its own thread', () => {
    const [one, three] = [1, 3].map((workers) => memoryOfRun(job(100), workers));
    expect(three!.total - one!.total).toBe(2 * one!.worker);
    const inThread = { ...job(100), worker: undefined };
    expect(memoryOfRun(inThread, 3).total).toBe(one!.total);
    expect(memoryOfRun(job(100), 0).total).toBe(one!.total);
  });

  it('is refused with the sum and how many workers would do', () => {
    const { worker, total } = memoryOfRun(job(1000), 1);
    const fitting = Math.floor((limit.bytes - (total - worker)) / worker);
    expect(() => requireRunMemory(job(1000), fitting, limit)).not.toThrow();
    expect(() => requireRunMemory(job(1000), fitting + 1, limit)).toThrow(UsageError);
    expect(() => requireRunMemory(job(1000), fitting + 1, limit)).toThrow(
      new RegExp(
        `^sweep with ${fitting + 1} workers of \\d\\.\\d GiB \\(largest draw d = 1000, N = 2000\\) needs 2\\.\\d GiB and the machine has 2\\.0: use --workers ${fitting}, or`,
      ),
    );
    expect(() => requireRunMemory(job(9000), 1, limit)).toThrow(/: draw smaller ones$/);
  });
});
