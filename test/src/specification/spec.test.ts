import { describe, expect, test } from '@jest/globals';
import { expandSpec, loadSpec, printSpec } from '../../../src/specification/index.js';
import { UsageError } from '../../../theory/errors.js';
import { activationNames, inputDistributions, inputNames } from '../../../theory/names.js';

const LINEAR = 'model: linear\nloss: ce\nd: [100, 200]\nN: "2*d"\nC: 10\n';
const HIDDEN = 'model: hidden\nloss: mse\nd: 100\nN: 300\nC: 10\nm: 8\n';

describe('loadSpec', () => {
  test('the printed example is valid, as YAML and as JSON', () => {
    const spec = loadSpec(printSpec(), 'example.yaml');
    expect(spec).toMatchObject({
      model: 'hidden',
      loss: 'ce',
      activation: { named: 'relu' },
      initialisation: { named: 'lecun' },
      inputs: { distribution: 'gaussian' },
      replicates: 20,
      seed: 'limitlaw',
      claimedClasses: undefined,
    });
    const json = JSON.stringify({ model: 'linear', loss: 'mse', d: [3, 4], N: '2*d', C: 2 }, null, 2);
    expect(expandSpec(loadSpec(json)).map((p) => p.samples)).toEqual([6, 8]);
  });
  test('every commented-out alternative of the printed example is valid too', () => {
    const printed = printSpec();
    const swap = (from: RegExp, to: string) => loadSpec(printed.replace(from, to));
    const block = (name: string) =>
      printed.match(new RegExp(`# (${name}:\\n(?:#   .*\\n)+)`))![1]!.replace(/^# /gm, '');
    const activations = [...printed.matchAll(/^# (activation: .*)$/gm)].map(
      (match) => swap(/^activation: .*$/m, match[1]!).activation,
    );
    expect(activations).toEqual([
      { expression: 'x*tanh(log(1+exp(x)))', kinks: [] },
      { expression: 'max(x, 0.1*x)', kinks: [0] },
    ]);
    expect(swap(/^initialisation: .*$/m, block('initialisation')).initialisation).toEqual({
      hiddenVariance: 2,
      outputVariance: 1,
      distribution: 'normal',
    });
    const inputs = [...printed.matchAll(/^# (inputs: \{.*\})/gm)].map((match) => match[1]!);
    // One line for each distribution that its name alone does not describe.
    expect(inputs.map((line) => swap(/^inputs: .*$/m, line).inputs.distribution)).toEqual(
      inputNames.filter((name) => inputDistributions[name].needs.length > 0),
    );
    expect(expandSpec(swap(/^# parameters:.*\n#( .*)\n/m, 'parameters:\n $1\n'))).toHaveLength(6);
  });
  test('defaults: all blocks of the model, all comparisons', () => {
    expect(loadSpec(LINEAR).blocks).toEqual(['output-diagonal', 'output-off-diagonal']);
    expect(loadSpec(HIDDEN).blocks).toHaveLength(4);
    expect(loadSpec(HIDDEN).compare).toEqual(['law', 'weights', 'coupling', 'ratio']);
  });
  test.each(activationNames)('%s is an activation by its name, in brackets a formula', (named) => {
    expect(loadSpec(`${HIDDEN}activation: ${named}\n`).activation).toEqual({ named });
    expect(loadSpec(`${HIDDEN}activation: ${named}(x)\n`).activation).toEqual({ expression: `${named}(x)`, kinks: [] });
  });

  test.each([
    ['model: linear\nloss: ce\nd: 5\nN: 10\n', /^s\.yaml, line 1: C is missing\. Add it/],
    [`${LINEAR}classes: 4\n`, /line 6, classes: there is no field "classes"\. Fields here: name, model/],
    [LINEAR.replace('linear', 'lineer'), /line 1, model: one of linear, hidden, deep is needed, got "lineer"/],
    [LINEAR.replace('d: [100, 200]', 'd: {a: 1}'), /line 3, d: a number or a text or a list is needed, got \{"a":1\}/],
    [LINEAR.replace('[100, 200]', '[100, big]'), /line 3, d\.1: a number is needed, got "big"/],
    [`${LINEAR}replicates: 1\n`, /line 6, replicates: the value must be >= 2, got 1/],
    [`${LINEAR}replicates: 2.5\n`, /line 6, replicates: a whole number is needed/],
    [`${LINEAR}m: 8\n`, /line 6, m: m is the hidden width, but the model is linear/],
    [HIDDEN.replace('m: 8\n', ''), /m, the hidden width, is missing/],
    [`${LINEAR}activation: tanh\n`, /an activation needs a hidden layer/],
    [
      `${HIDDEN}activation: swish\n`,
      /line 7, activation: one of relu, tanh, .* is needed, got "swish"\. Choose one of these, or give a formula in x/,
    ],
    [`${HIDDEN}activation: {kinks: [0]}\n`, /line 7, activation: expression is missing/],
    [
      `${HIDDEN}activation:\n  expression: x\n  kink: 0\n`,
      /line 9, activation\.kink: there is no field "kink"\. Fields here: expression, kinks/,
    ],
    [`${HIDDEN}logitVariance: 2\n`, /logitVariance is for model: linear/],
    [`${LINEAR}logitVariance: 2\ninitialisation: he\n`, /both fix the variance of V/],
    [
      `${LINEAR}blocks: [output-diagonal, hidden-diagonal]\n`,
      /line 6, blocks\.1: the linear model has no block "hidden-diagonal"/,
    ],
    [`${LINEAR}inputs: student\n`, /one of gaussian, sphere, rademacher is needed/],
    [`${LINEAR}inputs: {distribution: student}\n`, /line 6, inputs: degrees is missing/],
    [`${LINEAR}inputs: {distribution: mixture, components: 3}\n`, /inputs: separation is missing/],
    [`${LINEAR}parameters: {N: 3}\n`, /parameters\.N: "N" has a line of its own/],
    [`${LINEAR}parameters: {2x: 3}\n`, /a parameter is named by a letter .* got "2x"/],
    [`${LINEAR}d: 4\n`, /line 6: the key "d" stands twice/],
    [`${LINEAR}---\n${LINEAR}`, /line 6: a second document begins here/],
    [`${LINEAR}...\n---\n`, /a second document begins here/],
    [`${LINEAR}replicates: 9007199254740993\n`, /got "9007199254740993"/],
    ['model: [linear\n', /line \d: /],
    ['- 1\n', /line 1: a mapping of fields is needed, got \[1\]/],
    ['', /a mapping of fields is needed, got null/],
    ['a: &a [*a, *a]\n', /it cannot be read/],
    ['['.repeat(100), /more than 30 brackets are open/],
    ['- '.repeat(100) + '1', /nesting is too deep/],
    ['x'.repeat(300_000), /too long/],
  ] as [string, RegExp][])('refused %#', (text, message) => {
    expect(() => loadSpec(text, 's.yaml')).toThrow(UsageError);
    expect(() => loadSpec(text, 's.yaml')).toThrow(message);
  });
  test('a seed keeps every digit, beyond 2^53 too', () => {
    for (const seed of ['9007199254740993', '-9007199254740993', '12345678901234567890123', '0x20000000000001', '10'])
      expect(loadSpec(`${LINEAR}seed: ${seed}\n`).seed).toBe(seed);
  });
  test('ten thousand keys cost a second at most, since none is compared with every other', () => {
    const keys = (count: number) => Array.from({ length: count }, (_, k) => `k${k}: 1\n`).join('');
    const start = performance.now();
    expect(() => loadSpec(keys(10_000))).toThrow(/there is no field "k0"/);
    expect(() => loadSpec(`${keys(10_000)}k0: 1\n`)).toThrow(/line 10001: the key "k0" stands twice/);
    // 0.3 s each on one core; comparing all pairs took ten times that.
    expect(performance.now() - start).toBeLessThan(4000);
    expect(() => loadSpec(keys(20_000))).toThrow(/characters is too long/);
  });
  test('a bomb of aliases is refused at once', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((c, k) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[k]}`).join(',')}]`)
      .join('\n')}\n`;
    expect(() => loadSpec(bomb)).toThrow(UsageError);
  });
});

describe('expandSpec', () => {
  test('lists vary, the last fastest; rules use earlier names', () => {
    const spec = loadSpec(
      'model: linear\nloss: ce\nparameters: {growth: [0, 0.5], base: "2+growth"}\nd: [100, 400]\nN: "2*d"\nC: "round(base*d^growth)"\n',
    );
    expect(expandSpec(spec).map((p) => [p.index, p.values['growth'], p.dimension, p.samples, p.classes])).toEqual([
      [0, 0, 100, 200, 2],
      [1, 0, 400, 800, 2],
      [2, 0.5, 100, 200, 25],
      [3, 0.5, 400, 800, 50],
    ]);
  });
  test('the rules of the opening example: m = ceil(sqrt(d))', () => {
    const points = expandSpec(
      loadSpec(
        HIDDEN.replace('d: 100', 'd: [250, 500, 1000]')
          .replace('m: 8', 'm: "ceil(sqrt(d))"')
          .replace('C: 10', 'C: "round(0.1*d)"'),
      ),
    );
    expect(points.map((p) => [p.classes, p.width])).toEqual([
      [25, 16],
      [50, 23],
      [100, 32],
    ]);
  });
  test('logitVariance becomes the variance of V; input numbers may be rules', () => {
    const [point] = expandSpec(
      loadSpec(`${LINEAR}logitVariance: "log(C)"\ninputs: {distribution: toeplitz, correlation: "1/C"}\n`),
    );
    expect(point!.variances).toEqual({ hidden: 1, output: Math.log(10) });
    expect(point!.inputs.correlation).toBe(0.1);
  });
  test.each([
    [
      LINEAR.replace('"2*d"', '"1.005*d"'),
      /line 4, N: N must be a whole number of at least 1, the rule gives 100\.49999999999999 at d = 100\. Wrap it in round/,
    ],
    [LINEAR.replace('C: 10', 'C: "d-99"'), /C must be a whole number of at least 2, the rule gives 1 at d = 100/],
    [
      LINEAR.replace('C: 10', 'C: "N*k"'),
      /line 5, C: in the expression "N\*k" "k" is not known here\. Names that may be used: d, N, pi, e\./,
    ],
    [LINEAR.replace('"2*d"', '"C"'), /"C" is not known here\. Names that may be used: d/],
    [LINEAR.replace('"2*d"', '"1/0"'), /N: the rule gives Infinity at d = 100/],
    [LINEAR.replace('"2*d"', '"d = 4"'), /an assignment is not allowed/],
    [LINEAR.replace('"2*d"', '1000000000'), /need .* GiB, more than the 16 GiB allowed/],
    [LINEAR.replace('model', 'modle'), /line 1, modle: there is no field "modle", and model is missing\. Rename it/],
    [LINEAR.replace('[100, 200]', '[]'), /line 3, d: a list of at least 1 is needed, got \[\]/],
    [LINEAR.replace('"2*d"', `"${'d+'.repeat(300)}d"`), /line 4, N: at most 500 characters are allowed/],
    [`${LINEAR}compare: [law, law]\n`, /line 6, compare: every entry may stand once/],
    [
      `${LINEAR}logitVariance: "0-1"\n`,
      /logitVariance must be a positive number of at most 4 when compared with the limit law, got -1/,
    ],
    [`${LINEAR}logitVariance: 5\n`, /line 6, logitVariance: .*at most 4 when compared with the limit law, got 5/],
    [`${LINEAR}logitVariance: "0-1"\ncompare: [weights]\n`, /logitVariance must be a positive number, got -1/],
    [
      `${LINEAR}initialisation: {outputVariance: 0}\ncompare: [weights]\n`,
      /line 6, initialisation\.outputVariance: outputVariance must be a positive number, got 0/,
    ],
    [`${LINEAR}inputs: {distribution: student, degrees: 2}\n`, /degrees must be a finite number above 2, got 2/],
    [`${LINEAR}parameters: {a: [${Array(200).fill(1)}], b: [${Array(200).fill(1)}]}\n`, /the grid has 80000 points/],
  ] as [string, RegExp][])('refused %#', (text, message) => {
    expect(() => expandSpec(loadSpec(text, 's.yaml'))).toThrow(UsageError);
    expect(() => expandSpec(loadSpec(text, 's.yaml'))).toThrow(message);
  });
  test('a logit variance beyond the limit law is fine where that law is not compared', () => {
    expect(expandSpec(loadSpec(`${LINEAR}logitVariance: 50\ncompare: [weights]\n`))[0]!.variances!.output).toBe(50);
    expect(expandSpec(loadSpec(`${LINEAR.replace('ce', 'mse')}logitVariance: 50\n`))[0]!.variances!.output).toBe(50);
  });
});
