// Native ES modules (node --experimental-vm-modules), TypeScript stripped by swc; types are checked by `npm run typecheck`.
export default {
  testEnvironment: 'node',
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
  // Looking Math up through the sandbox's global object makes numeric loops several times slower.
  sandboxInjectedGlobals: ['Math'],
  maxWorkers: 2,
  testTimeout: 60000,
};
