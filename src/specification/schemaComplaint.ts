/** A schema validator's complaint in words. */
import type { ErrorObject } from 'ajv';
import { headModel } from '../../theory/names.js';
import type { Path } from './spec.js';

export interface Complaint {
  readonly path: Path;
  readonly problem: string;
  readonly remedy: string;
}

/** What a complaint is about. */
interface Finding {
  readonly error: ErrorObject;
  readonly path: Path;
  /** The value there, and the same as text. */
  readonly value: unknown;
  readonly shown: string;
  /** The named parameter of the validator's rule. */
  readonly parameter: (name: string) => unknown;
}

/** By the validator's keyword. */
const explanations: Readonly<Record<string, (finding: Finding) => Complaint>> = {
  required: missingField,
  additionalProperties({ error, path, parameter }) {
    const name = String(parameter('additionalProperty'));
    const fields = fieldsOf(error).join(', ');
    return { path: [...path, name], problem: `there is no field ${show(name)}`, remedy: `Fields here: ${fields}.` };
  },
  enum: ({ path, value, shown, parameter }) => ({
    path,
    problem: `one of ${(parameter('allowedValues') as unknown[]).join(', ')} is needed, got ${shown}`,
    remedy: remedyOfChoice(path, value),
  }),
  type({ path, shown, parameter }) {
    const types = [parameter('type')]
      .flat()
      .join(', ')
      .split(',')
      .map((type) => type.trim());
    const problem = `${types.map((type) => typeWords[type] ?? type).join(' or ')} is needed, got ${shown}`;
    return { path, problem, remedy: 'Change the value.' };
  },
  propertyNames: wrongName,
  pattern: (finding) => (finding.path[0] === 'blocks' ? wrongBlock(finding) : wrongName(finding)),
  minItems: ({ path, shown, parameter }) => ({
    path,
    problem: `a list of at least ${String(parameter('limit'))} is needed, got ${shown}`,
    remedy: 'Add to the list.',
  }),
  maxItems: ({ path, shown, parameter }) => ({
    path,
    problem: `a list of at most ${String(parameter('limit'))} is needed, got ${shown}`,
    remedy: 'Shorten the list.',
  }),
  uniqueItems: ({ path, shown }) => ({
    path,
    problem: `every entry may stand once, got ${shown}`,
    remedy: 'Remove the second.',
  }),
  maxLength: ({ path, shown, parameter }) => ({
    path,
    problem: `at most ${String(parameter('limit'))} characters are allowed, got ${shown}`,
    remedy: 'Shorten it.',
  }),
};

function remedyOfChoice([field]: Path, value: unknown): string {
  if (field === 'activation') return 'Choose one of these, or give a formula in x such as "x/(1+exp(-x))".';
  if (field === 'model' && value === headModel)
    return 'A head on features h is drawn as model: linear with inputs: {distribution: data, file: h.npy}.';
  if (field === 'model' && value === 'deep') return 'Training is of one hidden layer at most.';
  return 'Choose one of these.';
}

const typeWords: Readonly<Record<string, string>> = {
  number: 'a number',
  integer: 'a whole number',
  string: 'a text',
  array: 'a list',
  object: 'a mapping of fields',
  boolean: 'true or false',
};

/** @param document the whole value that was validated */
export function explain(error: ErrorObject, document: unknown): Complaint {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => {
      const text = step.replace(/~1/g, '/').replace(/~0/g, '~');
      return /^\d+$/.test(text) ? Number(text) : text;
    });
  const value = path.reduce<unknown>(
    (inner, step) => (inner as Record<string, unknown> | undefined)?.[step as string],
    document,
  );
  const shown = show(value);
  const parameter = (name: string) => (error.params as Record<string, unknown>)[name];
  return (
    explanations[error.keyword]?.({ error, path, value, shown, parameter }) ?? {
      path,
      problem: `the value ${error.message ?? 'is not allowed'}, got ${shown}`,
      remedy: 'Change the value.',
    }
  );
}

/** A field that is missing and one that is unknown are often one field misspelt. */
function missingField({ error, path, value, parameter }: Finding): Complaint {
  const missing = String(parameter('missingProperty'));
  const known = fieldsOf(error);
  const unknown = known.length === 0 ? undefined : Object.keys(value as object).find((name) => !known.includes(name));
  return unknown === undefined
    ? { path, problem: `${missing} is missing`, remedy: 'Add it; --print-spec writes an example of every field.' }
    : {
        path: [...path, unknown],
        problem: `there is no field ${show(unknown)}, and ${missing} is missing`,
        remedy: 'Rename it; --print-spec writes an example of every field.',
      };
}

function wrongName({ error, path, parameter }: Finding): Complaint {
  const name = show(String(parameter('propertyName') ?? error.propertyName ?? ''));
  return {
    path,
    problem: `a parameter is named by a letter followed by letters, digits or _, got ${name}`,
    remedy: 'Rename it.',
  };
}

const wrongBlock = ({ path, shown }: Finding): Complaint => ({
  path,
  problem: `a block is named by its layer and kind, got ${shown}`,
  remedy: 'For example hidden-diagonal, output-off-diagonal; of model: deep hidden-2-diagonal.',
});

const fieldsOf = (error: ErrorObject): string[] =>
  Object.keys((error.parentSchema as { properties?: object }).properties ?? {});

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
