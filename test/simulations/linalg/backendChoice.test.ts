import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createBackend, describeBackends } from '../../../simulations/linalg/index.js';
import { instantiate, kernelModule } from '../../../simulations/linalg/wasm/kernelModule.js';
import type { BackendName } from '../../../simulations/contracts.js';
import { UsageError } from '../../../theory/errors.js';

describe('createBackend', () => {
  test('names the backend it gives', async () => {
    for (const name of ['wasm', 'reference'] as const) expect((await createBackend(name)).name).toBe(name);
    const [native] = await describeBackends();
    expect((await createBackend('auto')).name).toBe(native!.available ? 'native' : 'wasm');
  });

  test('says in the description whether multiply-adds are fused', async () => {
    expect((await createBackend('wasm', { fused: false })).description).toBe('WebAssembly SIMD, fma: false');
    expect((await createBackend('wasm')).description).toMatch(/^WebAssembly SIMD, fma: (true|false)$/);
  });

  test('refuses a library that is not there or not one, with the reason and the remedy', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'limitlaw-')), 'notALibrary.so');
    writeFileSync(file, 'text');
    for (const library of [file, '/nowhere/libopenblas.so']) {
      const attempt = createBackend('native', { library });
      await expect(attempt).rejects.toThrow(UsageError);
      await expect(attempt).rejects.toThrow(library);
      await expect(attempt).rejects.toThrow('LIMITLAW_BLAS');
    }
    // Asked for 'auto', the same search ends with the embedded backend.
    expect((await createBackend('auto', { library: file })).name).toBe('wasm');
  });

  test('refuses an unknown name', async () => {
    await expect(createBackend('gpu' as BackendName)).rejects.toThrow(
      "backend must be one of auto, wasm, native, reference, got 'gpu'",
    );
  });
});

describe('describeBackends', () => {
  test('lists all three, the embedded ones available, a missing one with its reason', async () => {
    const found = await describeBackends();
    expect(found.map(({ name }) => name)).toEqual(['native', 'wasm', 'reference']);
    expect(found.slice(1).every(({ available }) => available)).toBe(true);
    const [missing] = await describeBackends({ library: '/nowhere/libopenblas.so' });
    expect(missing).toMatchObject({ name: 'native', available: false });
    expect(missing!.description).toContain('/nowhere/libopenblas.so');
  });
});

describe('kernel memory', () => {
  test('is refused beyond 32-bit addresses, before anything is allocated', () => {
    expect(() => instantiate(kernelModule().module, 5 * 2 ** 30)).toThrow(
      'a problem of 5.0 GiB is too large for the wasm backend',
    );
  });
});
