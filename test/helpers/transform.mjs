// TypeScript to JavaScript for Jest, with one line before each module that makes constants of the globals which numerical
// code mentions most.
//
// Jest runs tests in a vm context of its own, where every mention of a global is a look-up through an interceptor: a
// numerical loop over Math takes four times as long as in plain Node. A constant of the module has no such cost.
// (`sandboxInjectedGlobals` does the same for CommonJS only. Typed arrays stay as they are: no inner loop makes any, and
// a test counts them.)
import { createTransformer as createSwcTransformer } from '@swc/jest';

// On the first line of the module, so that no line moves.
const head = 'const { Math, Number } = globalThis; ';
const bound = (transformed) => ({ ...transformed, code: head + transformed.code });

export function createTransformer(options) {
  const swc = createSwcTransformer(options);
  return {
    ...swc,
    getCacheKey: (...module) => `${swc.getCacheKey(...module)} ${head}`,
    process: (...module) => bound(swc.process(...module)),
    processAsync: async (...module) => bound(await swc.processAsync(...module)),
  };
}

export default { createTransformer };
