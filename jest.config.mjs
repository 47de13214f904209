// Native ES modules (node --experimental-vm-modules), TypeScript stripped by swc; types are checked by `npm run typecheck`.
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Tests leave the user's cache alone.
process.env['XDG_CACHE_HOME'] = join(tmpdir(), `limitlaw-test-cache-${process.pid}`);

export default {
  testEnvironment: '<rootDir>/test/helpers/nothingLeft.mjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  testSequencer: '<rootDir>/test/helpers/slowFirst.mjs',
  maxWorkers: 2,
  // On a loaded machine a worker that nothing keeps takes longer to end than the half second that Jest gives it by itself.
  workerGracefulExitTimeout: 10000,
  testTimeout: 60000,
};
