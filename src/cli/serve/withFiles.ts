import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from '../../store/formats/index.js';
import { isSentArray, readArray } from './arrays.js';
import type { Parameters } from './wordsOf.js';

/**
 * Does `work` with every array among the parameters as the path of an .npy file that is there meanwhile, named after its
 * parameter: what reads files has one door, and says of arrays what it says of files.
 */
export async function withFiles<Result>(
  parameters: Parameters,
  work: (parameters: Parameters) => Promise<Result>,
): Promise<Result> {
  const arrays = Object.entries(parameters).filter(([, value]) => isSentArray(value));
  if (arrays.length === 0) return await work(parameters);
  const contents = arrays.map(([name, value]) => {
    const { data, shape } = readArray(name, value);
    return [name, writeNpy(data, shape)] as const;
  });
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-arrays-'));
  try {
    const paths = contents.map(([name, bytes], k) => {
      const path = join(folder, `${/^\w[\w-]*$/.test(name) ? name : k}.npy`);
      writeFileSync(path, bytes);
      return [name, path];
    });
    return await work({ ...parameters, ...(Object.fromEntries(paths) as Record<string, string>) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
