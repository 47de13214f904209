/** From a specification to its grid points: the scaling rules evaluated, every size checked. */
import {
  hasSoftmaxWeights,
  inputNumberNames,
  inputNumbers,
  largestDepth,
  type InputNumberName,
} from '../../theory/names.js';
import { largestLogitVariance } from '../../theory/requirements.js';
import { compileExpression, parseExpression } from '../../simulations/expressions/index.js';
import { specError } from './specError.js';
import type { InputSpec, Rule, SweepSpec } from './spec.js';

/** The part of a specification that makes its grid. */
export type Grid = Pick<
  SweepSpec,
  'model' | 'loss' | 'initialisation' | 'rules' | 'inputs' | 'claimedClasses' | 'compare' | 'place'
>;

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
  /** L of a deep model, whose layers all have that width; 0 for others. */
  readonly depth: number;
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
  L: `a whole number from 1 to ${largestDepth}`,
  m: 'a whole number of at least 1',
} as const;

/**
 * The grid in order: lists vary, the last one fastest.
 * @throws UsageError naming the line and the rule when an expression is wrong, a size is impossible, or there are too
 * many points.
 */
export function expandSpec(spec: Grid): SweepPoint[] {
  const { count, valuesAt } = compileGrid(spec);
  const settingsAt = compileSettings(spec);
  return Array.from({ length: count }, (_, index) => {
    const values = valuesAt(index);
    const { d, N, C, L = 0, m = 0 } = values as { d: number; N: number; C: number; L?: number; m?: number };
    if (d * N > maximumInputEntries)
      throw specError(
        spec,
        ['N'],
        `d·N = ${d * N} inputs need ${((8 * d * N) / 2 ** 30).toFixed(0)} GiB, more than the ${(8 * maximumInputEntries) / 2 ** 30} GiB allowed`,
        'Lower d or N.',
      );
    return { index, values, dimension: d, samples: N, classes: C, width: m, depth: L, ...settingsAt(values) };
  });
}

type Values = Readonly<Record<string, number>>;

/** How many points there are, and the value of every name at each. */
function compileGrid(spec: Grid): { readonly count: number; readonly valuesAt: (index: number) => Values } {
  const compiled = spec.rules.map(([name, rule], position) => {
    const earlier = spec.rules.slice(0, position).map(([other]) => other);
    return {
      name,
      evaluate: compileRule(spec, rule, earlier, pathOf(name)),
      choices: Array.isArray(rule) ? (rule as readonly number[]) : undefined,
    };
  });
  const count = compiled.reduce((product, { choices }) => product * (choices?.length ?? 1), 1);
  if (count > maximumPoints)
    throw specError(spec, [], `the grid has ${count} points, more than ${maximumPoints}`, 'Shorten the lists.');
  const valuesAt = (index: number): Values => {
    const values: Record<string, number> = {};
    // The mixed-radix digits of the index pick one entry of each list.
    let stride = count;
    let rest = index;
    for (const { name, evaluate, choices } of compiled) {
      let value: number;
      if (choices !== undefined) {
        stride /= choices.length;
        value = choices[Math.floor(rest / stride)]!;
        rest %= stride;
      } else {
        value = evaluate(values);
      }
      requireValue(spec, name, value, values);
      values[name] = value;
    }
    return values;
  };
  return { count, valuesAt };
}

const pathOf = (name: string): readonly string[] =>
  name in sizeRules || name === 'logitVariance' ? [name] : ['parameters', name];

const contextOf = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');

/** @param earlier the values before this one, for the message */
function requireValue(spec: Grid, name: string, value: number, earlier: Values): void {
  const context = contextOf(earlier);
  const where = context === '' ? '' : ` at ${context}`;
  const fail = (problem: string, remedy: string) => specError(spec, pathOf(name), problem, remedy);
  if (!Number.isFinite(value)) throw fail(`the rule gives ${value}${where}`, 'It must give a finite number.');
  if (!Object.hasOwn(sizeRules, name)) return;
  const minimum = name === 'C' ? 2 : 1;
  const maximum = name === 'L' ? largestDepth : Infinity;
  if (!Number.isSafeInteger(value) || value < minimum || value > maximum)
    throw fail(
      `${name} must be ${sizeRules[name as keyof typeof sizeRules]}, the rule gives ${value}${where}`,
      Number.isInteger(value) ? 'Change the rule.' : 'Wrap it in round(), floor() or ceil().',
    );
}

interface NumberRule {
  readonly holds: (value: number) => boolean;
  readonly rule: string;
}

const positive: NumberRule = { holds: (value) => value > 0 && Number.isFinite(value), rule: 'a positive number' };
const classCount: NumberRule = {
  holds: (value) => Number.isSafeInteger(value) && value >= 2,
  rule: 'a whole number of at least 2',
};
/** The softmax weights of the limit law are verified up to there. */
const verifiedVariance: NumberRule = {
  holds: (value) => positive.holds(value) && value <= largestLogitVariance,
  rule: `a positive number of at most ${largestLogitVariance} when compared with the limit law`,
};

/** What a point has beside its sizes, from the values of its names. */
function compileSettings(spec: Grid): (values: Values) => Pick<SweepPoint, 'variances' | 'claimedClasses' | 'inputs'> {
  const { initialisation } = spec;
  // Draws, and the law given their weights, have no bound.
  const outputRule =
    hasSoftmaxWeights(spec.model, spec.loss) && spec.compare.includes('law') ? verifiedVariance : positive;
  const outputPath = spec.rules.some(([name]) => name === 'logitVariance')
    ? ['logitVariance']
    : ['initialisation', 'outputVariance'];
  const variances =
    'named' in initialisation
      ? undefined
      : {
          hidden: compileNumber(spec, ['initialisation', 'hiddenVariance'], initialisation.hiddenVariance, positive),
          output: compileNumber(spec, outputPath, initialisation.outputVariance, outputRule),
        };
  const claimed =
    spec.claimedClasses === undefined
      ? undefined
      : compileNumber(spec, ['claimedClasses'], spec.claimedClasses, classCount);
  const described = Object.fromEntries(
    Object.entries(spec.inputs).filter(([field]) => !(field in inputNumbers)),
  ) as Omit<InputSpec, InputNumberName>;
  const numbers = inputNumberNames.flatMap((name) => {
    const rule = spec.inputs[name];
    return rule === undefined
      ? []
      : [{ name, evaluate: compileNumber(spec, ['inputs', name], rule, inputNumbers[name]) }];
  });
  return (values) => ({
    variances: variances && { hidden: variances.hidden(values), output: variances.output(values) },
    claimedClasses: claimed?.(values) ?? values['C']!,
    inputs: { ...described, ...Object.fromEntries(numbers.map(({ name, evaluate }) => [name, evaluate(values)])) },
  });
}

/** A number of the specification that may use every name, and what it must be. */
function compileNumber(
  spec: Grid,
  path: readonly string[],
  expression: number | string,
  { holds, rule }: NumberRule,
): (values: Values) => number {
  const names = spec.rules.map(([name]) => name);
  const evaluate = compileRule(spec, expression, names, path);
  return (values) => {
    const value = evaluate(values);
    if (!holds(value))
      throw specError(
        spec,
        path,
        `${path.at(-1)} must be ${rule}, got ${value} at ${contextOf(values)}`,
        'Change the value or its rule.',
      );
    return value;
  };
}

function compileRule(
  spec: Pick<SweepSpec, 'place'>,
  rule: Rule,
  earlier: readonly string[],
  path: readonly string[],
): (values: Values) => number {
  if (typeof rule === 'number') return () => rule;
  if (typeof rule !== 'string') return () => NaN;
  const compiled = compileExpression(parseExpression(rule, spec.place(path), earlier), earlier);
  return (values) => compiled(...earlier.map((other) => values[other]!));
}
