/** From text to a checked specification. */
import type { UsageError } from '../../theory/errors.js';
import {
  activationNames,
  hasSoftmaxWeights,
  modelsThat,
  modelsWith,
  noEmpiricalFisher,
  noSingleLogits,
  paperActivation,
  paperInitialisation,
  takesEmpiricalFisher,
  takesLogitVariance,
  takesSetting,
  type BlockName,
  type InitialisationName,
  type ModelSetting,
} from '../../theory/names.js';
import { blocksOfSweep } from './blocksOfSweep.js';
import { parseWithLines } from './sourceMap.js';
import type { ComparisonName, InputSpec, Path, Rule, SweepSpec } from './spec.js';
import { placeIn, specError } from './specError.js';
import { requireValid } from './requireValid.js';
import { specSchema } from './specSchema.js';

interface RawSpec {
  readonly name?: string;
  readonly model: SweepSpec['model'];
  readonly loss: SweepSpec['loss'];
  readonly curvature?: SweepSpec['curvature'];
  readonly logitPrecision?: SweepSpec['logitPrecision'];
  readonly activation?: string | { readonly expression: string; readonly kinks?: readonly number[] };
  readonly initialisation?:
    | InitialisationName
    | {
        readonly hiddenVariance?: number | string;
        readonly outputVariance?: number | string;
        readonly distribution?: 'normal' | 'uniform';
      };
  readonly inputs?: InputSpec['distribution'] | InputSpec;
  readonly parameters?: Readonly<Record<string, Rule>>;
  readonly d: Rule;
  readonly N: Rule;
  readonly C: Rule;
  readonly L?: Rule;
  readonly m?: Rule;
  readonly logitVariance?: Rule;
  readonly claimedClasses?: number | string;
  readonly blocks?: readonly BlockName[];
  readonly compare?: readonly ComparisonName[];
  readonly replicates?: number;
  readonly nullReplicates?: number;
  readonly level?: number;
  readonly seed?: string | number;
}

const sizeNames = ['d', 'N', 'C', 'L', 'm', 'logitVariance'] as const;

/**
 * Reads a specification in YAML or JSON.
 * @throws UsageError naming source, line, field, rule and remedy.
 */
export function loadSpec(text: string, source = 'the specification'): SweepSpec {
  const map = parseWithLines(text, source);
  const place = placeIn(map, source);
  const fail: Fail = (path, problem, remedy) => specError({ place }, path, problem, remedy);
  requireValid(specSchema, map.value, place);
  const raw = map.value as RawSpec;

  requireSettingsOfModel(raw, fail);
  if (raw.curvature === 'empirical-fisher' && !takesEmpiricalFisher(raw.model))
    throw fail(['curvature'], noEmpiricalFisher(raw.model), 'Remove it.');
  if (raw.logitPrecision === 'single' && !hasSoftmaxWeights(raw.model, raw.loss))
    throw fail(['logitPrecision'], noSingleLogits, 'Remove it.');
  const parameters = Object.entries(raw.parameters ?? {});
  for (const [name] of parameters) {
    if ((sizeNames as readonly string[]).includes(name))
      throw fail(
        ['parameters', name],
        `${JSON.stringify(name)} has a line of its own`,
        'Choose another name for the parameter.',
      );
    if (name === 'pi' || name === 'e' || name === 'x')
      throw fail(
        ['parameters', name],
        `${JSON.stringify(name)} has a fixed meaning in expressions`,
        'Choose another name for the parameter.',
      );
  }
  const sizes = sizeNames.flatMap((name) => (raw[name] === undefined ? [] : [[name, raw[name]] as const]));
  return {
    name: raw.name ?? 'sweep',
    model: raw.model,
    loss: raw.loss,
    curvature: raw.curvature,
    logitPrecision: raw.logitPrecision,
    activation: activationOf(raw.activation ?? paperActivation),
    initialisation: initialisationOf(raw),
    inputs: typeof raw.inputs === 'object' ? raw.inputs : { distribution: raw.inputs ?? 'gaussian' },
    rules: [...parameters, ...sizes],
    claimedClasses: raw.claimedClasses,
    // Which layers a deep model has, the grid says.
    blocks: takesSetting(raw.model, 'widths') ? raw.blocks : blocksOfSweep({ ...raw, blocks: raw.blocks, place }, []),
    compare: raw.compare ?? ['law', 'weights', 'coupling', 'ratio'],
    replicates: raw.replicates ?? 20,
    nullReplicates: raw.nullReplicates ?? 99,
    level: raw.level ?? 0.01,
    seed: raw.seed === undefined ? undefined : String(raw.seed),
    place,
  };
}

/** A complaint about the value at a path. */
export type Fail = (path: Path, problem: string, remedy: string) => UsageError;

/** Refuses what the model does not have, and asks for what it needs. */
export function requireSettingsOfModel(
  raw: Pick<
    RawSpec,
    'model' | 'loss' | 'L' | 'm' | 'activation' | 'logitVariance' | 'initialisation' | 'claimedClasses'
  >,
  fail: Fail,
): void {
  const { model, loss } = raw;
  const takers = (setting: ModelSetting) => `model: ${modelsWith(setting)}`;
  if (takesSetting(model, 'widths') && raw.L === undefined)
    throw fail([], 'L, the number of hidden layers, is missing', 'Add a line such as "L: 3".');
  if (!takesSetting(model, 'widths') && raw.L !== undefined)
    throw fail(['L'], `L counts hidden layers, but the model is ${model}`, `Remove it or set ${takers('widths')}.`);
  const hasWidth = takesSetting(model, 'width') || takesSetting(model, 'widths');
  if (hasWidth && raw.m === undefined) throw fail([], 'm, the hidden width, is missing', 'Add a line such as "m: 8".');
  if (!hasWidth && raw.m !== undefined)
    throw fail(
      ['m'],
      `m is the hidden width, but the model is ${model}`,
      `Remove it or set ${takers('width')} or ${modelsWith('widths')}.`,
    );
  if (!takesSetting(model, 'activation') && raw.activation !== undefined)
    throw fail(
      ['activation'],
      `an activation needs a hidden layer, but the model is ${model}`,
      `Remove it or set ${takers('activation')}.`,
    );
  if (raw.logitVariance !== undefined) {
    if (!takesLogitVariance(model))
      throw fail(
        ['logitVariance'],
        `logitVariance is for model: ${modelsThat(takesLogitVariance)}`,
        'Give initialisation: {hiddenVariance: …, outputVariance: …}.',
      );
    if (raw.initialisation !== undefined)
      throw fail(
        ['logitVariance'],
        'logitVariance and initialisation both fix the variance of V',
        'Remove one of them.',
      );
  }
  if (raw.claimedClasses !== undefined && !hasSoftmaxWeights(model, loss)) {
    throw fail(
      ['claimedClasses'],
      `claimedClasses is for model: ${modelsThat((candidate) => hasSoftmaxWeights(candidate, 'ce'))} under cross-entropy, whose limit law depends on C`,
      'Remove it.',
    );
  }
}

function activationOf(raw: NonNullable<RawSpec['activation']>): SweepSpec['activation'] {
  if (typeof raw === 'object') return { expression: raw.expression, kinks: raw.kinks ?? [] };
  const named = activationNames.find((name) => name === raw);
  return named === undefined ? { expression: raw, kinks: [] } : { named };
}

function initialisationOf(raw: RawSpec): SweepSpec['initialisation'] {
  if (raw.logitVariance !== undefined)
    return { hiddenVariance: 1, outputVariance: 'logitVariance', distribution: 'normal' };
  if (typeof raw.initialisation === 'object') {
    return {
      hiddenVariance: raw.initialisation.hiddenVariance ?? 1,
      outputVariance: raw.initialisation.outputVariance ?? 1,
      distribution: raw.initialisation.distribution ?? 'normal',
    };
  }
  return { named: raw.initialisation ?? paperInitialisation };
}
