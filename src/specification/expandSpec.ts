/** From a specification to its grid points: the scaling rules evaluated, every size checked. */
import { hasSoftmaxWeights, inputNumberNames, inputNumbers, type InputNumberName } from '../../theory/names.js';
import { largestLogitVariance } from '../../theory/requirements.js';
import { compileExpression, parseExpression } from '../../simulations/expressions/index.js';
import { specError } from './loadSpec.js';
import type { InputSpec, Rule, SweepSpec } from './spec.js';

/** One point of the grid. */
export interface SweepPoint {
  readonly index: number;
  /** Value of every name of the specification at this point. */
  readonly values: Readonly<Record<string, number>>;
  readonly dimension: number;
  readonly samples: number;
  readonly classes: number;
  /** 0 for the linear model. */
  readonly width: number;
  /** Variance factors, when the specification gives numbers in place of a scheme. */
  readonly variances: { readonly hidden: number; readonly output: number } | undefined;
  /** Number of classes of the claimed limit law. */
  readonly claimedClasses: number;
  readonly inputs: InputsAtPoint;
}

/** What the specification says of the inputs, with numbers in place of rules. */
export type InputsAtPoint = Omit<InputSpec, InputNumberName> & Readonly<Partial<Record<InputNumberName, number>>>;

const maximumPoints = 10_000;
/** d·N doubles beyond this are 16 GiB: no machine this is for holds them. */
const maximumInputEntries = 2 ** 31;
const sizeRules = {
  d: 'a whole number of at least 1',
  N: 'a whole number of at least 1',
  C: 'a whole number of at least 2',
  m: 'a whole number of at least 1',
} as const;

/**
 * The grid in order: lists vary, the last one fastest.
 * @throws UsageError naming the line and the rule when an expression is wrong, a size is impossible, or there are too
 * many points.
 */
export function expandSpec(spec: SweepSpec): SweepPoint[] {
  const pathOf = (name: string) => (name in sizeRules || name === 'logitVariance' ? [name] : ['parameters', name]);
  const fail = (path: readonly (string | number)[], problem: string, remedy: string) =>
    specError(spec.source, spec, path, problem, remedy);

  const compiled = spec.rules.map(([name, rule], position) => {
    const earlier = spec.rules.slice(0, position).map(([other]) => other);
    return {
      name,
      evaluate: compileRule(spec, name, rule, earlier, pathOf(name)),
      choices: Array.isArray(rule) ? (rule as readonly number[]) : undefined,
    };
  });
  const count = compiled.reduce((product, { choices }) => product * (choices?.length ?? 1), 1);
  if (count > maximumPoints)
    throw fail([], `the grid has ${count} points, more than ${maximumPoints}`, 'Shorten the lists.');

  const names = spec.rules.map(([name]) => name);
  const extra = (path: readonly string[], rule: number | string | undefined) =>
    rule === undefined ? undefined : compileRule(spec, path.join('.'), rule, names, path);
  const variances =
    'named' in spec.initialisation
      ? undefined
      : {
          hidden: extra(['initialisation', 'hiddenVariance'], spec.initialisation.hiddenVariance)!,
          output: extra(['initialisation', 'outputVariance'], spec.initialisation.outputVariance)!,
        };
  const claimed = extra(['claimedClasses'], spec.claimedClasses);
  const described = Object.fromEntries(
    Object.entries(spec.inputs).filter(([field]) => !(field in inputNumbers)),
  ) as Omit<InputSpec, InputNumberName>;
  const numbers = inputNumberNames
    .map((name) => ({ name, evaluate: extra(['inputs', name], spec.inputs[name]) }))
    .filter(({ evaluate }) => evaluate !== undefined);

  const points: SweepPoint[] = [];
  for (let index = 0; index < count; index++) {
    const values: Record<string, number> = {};
    // The mixed-radix digits of the index pick one entry of each list.
    let stride = count;
    let rest = index;
    const context = () =>
      Object.entries(values)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', ');
    for (const { name, evaluate, choices } of compiled) {
      let value: number;
      if (choices !== undefined) {
        stride /= choices.length;
        value = choices[Math.floor(rest / stride)]!;
        rest %= stride;
      } else {
        value = evaluate(values);
      }
      const where = context() === '' ? '' : ` at ${context()}`;
      if (!Number.isFinite(value))
        throw fail(pathOf(name), `the rule gives ${value}${where}`, 'It must give a finite number.');
      if (Object.hasOwn(sizeRules, name)) {
        const minimum = name === 'C' ? 2 : 1;
        if (!Number.isSafeInteger(value) || value < minimum) {
          throw fail(
            pathOf(name),
            `${name} must be ${sizeRules[name as keyof typeof sizeRules]}, the rule gives ${value}${where}`,
            Number.isInteger(value) ? 'Change the rule.' : 'Wrap it in round(), floor() or ceil().',
          );
        }
      }
      values[name] = value;
    }
    const { d, N, C, m = 0 } = values as { d: number; N: number; C: number; m?: number };
    if (d * N > maximumInputEntries)
      throw fail(
        ['N'],
        `d·N = ${d * N} inputs need ${((8 * d * N) / 2 ** 30).toFixed(0)} GiB, more than the ${(8 * maximumInputEntries) / 2 ** 30} GiB allowed`,
        'Lower d or N.',
      );
    const at = (
      path: readonly string[],
      f: ((values: Record<string, number>) => number) | undefined,
      rule: (value: number) => boolean,
      words: string,
    ) => {
      if (f === undefined) return undefined;
      const value = f(values);
      if (!rule(value))
        throw fail(
          path,
          `${path.at(-1)} must be ${words}, got ${value} at ${context()}`,
          'Change the value or its rule.',
        );
      return value;
    };
    const positive = (value: number) => value > 0 && Number.isFinite(value);
    // The softmax weights of the limit law are verified up to there; draws and the law given their weights have no such
    // bound.
    const bounded = hasSoftmaxWeights(spec.model, spec.loss) && spec.compare.includes('law');
    const [outputRule, outputWords] = bounded
      ? ([
          (value: number) => positive(value) && value <= largestLogitVariance,
          `a positive number of at most ${largestLogitVariance} when compared with the limit law`,
        ] as const)
      : ([positive, 'a positive number'] as const);
    points.push({
      index,
      values,
      dimension: d,
      samples: N,
      classes: C,
      width: m,
      variances:
        variances === undefined
          ? undefined
          : {
              hidden: at(['initialisation', 'hiddenVariance'], variances.hidden, positive, 'a positive number')!,
              output: at(
                [Object.hasOwn(values, 'logitVariance') ? 'logitVariance' : 'initialisation.outputVariance'],
                variances.output,
                outputRule,
                outputWords,
              )!,
            },
      claimedClasses:
        at(
          ['claimedClasses'],
          claimed,
          (value) => Number.isSafeInteger(value) && value >= 2,
          'a whole number of at least 2',
        ) ?? C,
      inputs: {
        ...described,
        ...Object.fromEntries(
          numbers.map(({ name, evaluate }) => {
            const { holds, rule } = inputNumbers[name];
            return [name, at(['inputs', name], evaluate, holds, rule)];
          }),
        ),
      },
    });
  }
  return points;
}

function compileRule(
  spec: SweepSpec,
  name: string,
  rule: Rule,
  earlier: readonly string[],
  path: readonly string[],
): (values: Record<string, number>) => number {
  if (typeof rule === 'number') return () => rule;
  if (typeof rule !== 'string') return () => NaN;
  const place = `${spec.source}, line ${spec.lineOf(path)}, ${name}`;
  const compiled = compileExpression(parseExpression(rule, place, earlier), earlier);
  return (values) => compiled(...earlier.map((other) => values[other]!));
}
