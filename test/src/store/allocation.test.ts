import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { memoryLimit, processorsGiven, requireMemory, thisMachine } from '../../../src/store/allocation.js';

const gibibyte = 2 ** 30;
const machine = { memory: 64 * gibibyte, constrainedMemory: 0, processors: 16, quota: Infinity };

describe('memoryLimit', () => {
  it('is what the machine has where nobody says less', () => {
    expect(memoryLimit(undefined, {}, machine)).toEqual({ bytes: 64 * gibibyte, says: 'the machine has' });
    // Without a control group Node tells 0, or more than any machine has.
    expect(memoryLimit(undefined, {}, { ...machine, constrainedMemory: 2 ** 64 }).says).toBe('the machine has');
  });

  // Slurm counts in mebibytes (sbatch, --mem and --mem-per-cpu), and writes 0 for all of a node.
  it.each([
    ['1G', {}, {}, gibibyte, '--memory allows'],
    ['512 MiB', {}, {}, gibibyte / 2, '--memory allows'],
    ['1.5GB', {}, {}, 1.5e9, '--memory allows'],
    [undefined, { SLURM_MEM_PER_NODE: '300' }, {}, 300 * 2 ** 20, 'SLURM_MEM_PER_NODE allows'],
    [undefined, { SLURM_MEM_PER_CPU: '300', SLURM_CPUS_ON_NODE: '4' }, {}, 1200 * 2 ** 20, 'SLURM_MEM_PER_CPU allows'],
    [undefined, { SLURM_MEM_PER_NODE: '0' }, {}, 64 * gibibyte, 'the machine has'],
    [undefined, {}, { constrainedMemory: gibibyte }, gibibyte, 'its control group allows'],
    ['2G', { SLURM_MEM_PER_NODE: '1024' }, { constrainedMemory: 3 * gibibyte }, gibibyte, 'SLURM_MEM_PER_NODE allows'],
    ['100G', {}, {}, 64 * gibibyte, 'the machine has'],
  ])('--memory %s, %j, %j: the least', (given, environment, own, bytes, says) => {
    expect(memoryLimit(given, environment, { ...machine, ...own })).toEqual({ bytes, says });
  });

  it.each(['4', '0G', '-1G', '4X', 'much', ''])('refuses %j as an amount', (text) => {
    expect(() => memoryLimit(text, {}, machine)).toThrow(UsageError);
    expect(() => memoryLimit(text, {}, machine)).toThrow(/--memory must be an amount with its unit/);
  });
});

describe('processorsGiven', () => {
  it.each([
    [{}, {}, 16],
    [{ SLURM_CPUS_PER_TASK: '2', SLURM_CPUS_ON_NODE: '8' }, {}, 2],
    [{ SLURM_CPUS_ON_NODE: '8' }, {}, 8],
    [{ NSLOTS: '4' }, {}, 4],
    [{ SLURM_CPUS_ON_NODE: '64' }, {}, 16],
    [{}, { quota: 2.5 }, 3],
    [{}, { quota: 0.1 }, 1],
    [{ SLURM_CPUS_PER_TASK: 'many' }, { processors: 3 }, 3],
  ])('%j on %j is %i', (environment, own, processors) => {
    expect(processorsGiven(environment, { ...machine, ...own })).toBe(processors);
  });

  it('of this machine is a whole number of at least 1', () => {
    expect(processorsGiven({}, thisMachine())).toBeGreaterThanOrEqual(1);
    expect(Number.isInteger(processorsGiven({}, thisMachine()))).toBe(true);
  });
});

describe('requireMemory', () => {
  it('says what is needed, what there is and who says so', () => {
    const limit = { bytes: gibibyte, says: 'SLURM_MEM_PER_NODE allows' };
    expect(() => requireMemory(gibibyte, limit, 'a draw', 'ask for more')).not.toThrow();
    expect(() => requireMemory(1.5 * gibibyte, limit, 'a draw', 'ask for more')).toThrow(
      new UsageError('a draw needs 1.5 GiB and SLURM_MEM_PER_NODE allows 1.0: ask for more'),
    );
  });
});
