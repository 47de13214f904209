import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { expandSpec, loadSpec, printSpec } from '../../../src/specification/index.js';
import { activationExpression } from '../../../simulations/models/activationExpression.js';
import { compileExpression, parseExpression } from '../../../simulations/expressions/index.js';
import { NumericalError, UsageError } from '../../../theory/errors.js';

const SEED = 20250502;
const options = { seed: SEED, numRuns: 400 };

/** Either it works, or it complains to the user: in one message, without a stack of another kind. */
function survives(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof NumericalError)) throw error;
    expect(error.message.length).toBeLessThan(1500);
  }
}

const load = (text: string) => expandSpec(loadSpec(text, 's.yaml'));

describe(`hostile specifications (seed ${SEED})`, () => {
  const printed = printSpec();
  const junk = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      ':',
      '- ',
      '&a ',
      '*a',
      '!!binary ',
      '!!js/function ',
      '<<: ',
      '|\n',
      '>\n',
      '\t',
      '? ',
      '---\n',
      '...\n',
      '%YAML 9.9\n',
      '{',
      '[',
      '"',
      "'",
      '#',
      '\u0000',
      '\u2028',
      '1e999',
      '.nan',
      '.inf',
      '0o17',
      '~',
      '__proto__: 1\n',
      'constructor: {a: 1}\n',
      '9'.repeat(400),
      '['.repeat(29),
    ),
  );
  test('the example with pieces cut out and junk put in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(printed.length), fc.nat(30), junk), { minLength: 1, maxLength: 4 }),
        (edits) => {
          let text = printed;
          for (const [at, cut, insert] of edits) text = text.slice(0, at) + insert + text.slice(at + cut);
          survives(() => load(text));
        },
      ),
      options,
    );
  });
  test('any JSON value, alone or in the place of any field', () => {
    const base = { model: 'hidden', loss: 'ce', d: 5, N: 10, C: 3, m: 2 };
    const field = fc.constantFrom(
      'name',
      'model',
      'loss',
      'activation',
      'initialisation',
      'inputs',
      'parameters',
      'd',
      'N',
      'C',
      'm',
      'logitVariance',
      'blocks',
      'compare',
      'replicates',
      'nullReplicates',
      'level',
      'seed',
      'other',
    );
    fc.assert(
      fc.property(field, fc.jsonValue({ maxDepth: 4 }), (name, value) => {
        survives(() => load(JSON.stringify({ ...base, [name]: value })));
        survives(() => load(JSON.stringify(value)));
      }),
      options,
    );
  });
});

describe(`hostile expressions (seed ${SEED})`, () => {
  const token = fc.constantFrom(
    'x',
    'd',
    '+',
    '-',
    '*',
    '/',
    '^',
    '(',
    ')',
    ',',
    '?',
    ':',
    '>',
    '<=',
    '=',
    ';',
    '[',
    ']',
    '{',
    '}',
    '"',
    '.',
    '!',
    "'",
    '%',
    'exp',
    'log',
    'max',
    'erf(',
    'abs(',
    'relu',
    'import',
    'constructor',
    'toString',
    '1e308',
    '0',
    '2',
    '0.5',
    ' ',
    '\n',
    'not ',
    ' in ',
    ' to ',
    '∞',
  );
  test('tokens in any order give a number or a complaint', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 25 }), (tokens) => {
        survives(() => {
          const value = compileExpression(parseExpression(tokens.join(''), 'rule', ['x', 'd']), ['x', 'd'])(2, 3);
          expect(typeof value).toBe('number');
        });
      }),
      { ...options, numRuns: 2000 },
    );
  });
  const formula: fc.Memo<string> = fc.memo((n) =>
    n <= 1
      ? fc.constantFrom('x', '2', '0.5', 'pi')
      : fc.oneof(
          fc
            .tuple(formula(), fc.constantFrom('+', '-', '*', '/', '^'), formula())
            .map(([a, op, b]) => `(${a} ${op} ${b})`),
          fc
            .tuple(fc.constantFrom('exp', 'tanh', 'sqrt', 'abs', 'erf', 'softplus', 'log', 'sin', '-'), formula())
            .map(([f, a]) => `${f}(${a})`),
          fc.tuple(formula(), formula(), formula()).map(([a, b, c]) => `(${a} > 0 ? ${b} : ${c})`),
        ),
  );
  test('random formulas become activations or complaints', () => {
    fc.assert(
      fc.property(formula(5), (text) => survives(() => activationExpression(text))),
      { seed: SEED, numRuns: 60 },
    );
  });
});
