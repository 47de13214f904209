/** Looks for a BLAS with LAPACK: the path that was asked for, or the usual places of this system. */
import { existsSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { env } from 'node:process';
import type * as koffiModule from 'koffi';
import { bindBlas, type Blas } from './blasFunctions.js';

export interface BlasSearch {
  readonly blas: Blas | undefined;
  /** Each place that was tried and why it did not serve. */
  readonly attempts: readonly { readonly library: string; readonly problem: string }[];
}

type Koffi = (typeof koffiModule)['default'];

/** In the order of preference. Names without a slash are looked up by the system's loader. */
const usualPlaces: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    '/System/Library/Frameworks/Accelerate.framework/Accelerate',
    '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
    '/usr/local/opt/openblas/lib/libopenblas.dylib',
  ],
  linux: ['libopenblas.so.0', 'libopenblas.so', '/usr/lib64/libopenblas.so.0', '/usr/local/lib/libopenblas.so'],
  win32: ['libopenblas.dll', 'openblas.dll'],
};

/** `library`, else the environment variable LIMITLAW_BLAS, else the usual places. */
export async function findBlas(library: string | undefined = env['LIMITLAW_BLAS'] || undefined): Promise<BlasSearch> {
  const attempts: { library: string; problem: string }[] = [];
  let koffi: Koffi;
  try {
    koffi = (await import('koffi')).default;
  } catch {
    return {
      blas: undefined,
      attempts: [{ library: 'koffi', problem: 'the optional dependency koffi is not installed (npm install koffi)' }],
    };
  }
  chooseKernels(koffi);
  for (const path of library ? [library] : (usualPlaces[platform()] ?? [])) {
    try {
      return { blas: bindBlas(koffi.load(path), path), attempts };
    } catch (error) {
      attempts.push({ library: path, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return { blas: undefined, attempts };
}

/**
 * Asks OpenBLAS for its AVX-512 kernels where the processor has them: on AMD processors it takes the AVX2 ones by
 * itself, which are 1.7 times slower in a matrix product (measured with 0.3.21 on Zen 5). Whatever the user has set
 * stays. Through the C library because a worker's `process.env` is a copy that a library does not see.
 */
function chooseKernels(koffi: Koffi): void {
  const description = '/proc/cpuinfo';
  if (platform() !== 'linux' || !existsSync(description)) return;
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync(description, 'utf8'))?.[1]?.split(' ') ?? [];
  const needed = ['avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl', 'fma'];
  if (!needed.every((flag) => flags.includes(flag))) return;
  koffi.load(null).func('setenv', 'int', ['str', 'str', 'int'])('OPENBLAS_CORETYPE', 'SkylakeX', 0);
}
