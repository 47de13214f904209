/** The member `about` of an export: JSON, each of its fields by a rule. */
import { UsageError } from '../../../theory/errors.js';
import { finalNorms, floorNames, losses, partitionNames } from '../../../theory/names.js';
import type { NetworkFacts, TensorFacts } from './probeFile.js';

const kind = 'limitlaw-blocks';
const version = 1;
/** Members of an archive have names of their tensors. */
const longestName = 200;
const largestCount = 2 ** 40;
/** Single precision may leave a mean of squares of cosines this far above 1. */
const slack = 1e-6;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws UsageError naming the file, the field, its rule and what it is */
export function readAbout(text: string, source: string): NetworkFacts {
  const about = parsed(text, source);
  if (about['kind'] !== kind)
    throw new UsageError(
      `${source}: "kind" in about must be "${kind}", got ${shown(about['kind'])}: name a file that export_blocks of limitlaw_export.py wrote`,
    );
  if (about['version'] !== version)
    throw new UsageError(
      `${source}: "version" in about must be ${version}, got ${shown(about['version'])}: take the exporter and the program of one release`,
    );
  const read = reader(about, source, 'about');
  const cosineSquare = read.optional('cosineSquare', 'a mean of squares of cosines, from 0 to 1', isCosineSquare);
  return {
    classes: read.needed('classes', 'a whole number from 2 on', countFrom(2)),
    samples: read.needed('samples', 'a whole number from 1 on', countFrom(1)),
    dimension: read.optional('dimension', 'a whole number from 1 on', countFrom(1)),
    loss: read.needed('loss', oneOf(losses), isOneOf(losses)),
    initialisation: read.optional('initialisation', 'a whole number from 0 on', countFrom(0)),
    step: read.optional('step', 'a whole number from 0 on', countFrom(0)),
    label: read.optional('label', 'text', isText),
    finalNorm: read.optional('finalNorm', oneOf(finalNorms), isOneOf(finalNorms)),
    cosineSquare: cosineSquare === null ? null : Math.min(1, cosineSquare),
    sequence: read.optional('sequence', 'a whole number from 1 on', countFrom(1)),
    tensors: tensorsOf(about['tensors'], source),
  };
}

function parsed(text: string, source: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (isFields(value)) return value;
  throw new UsageError(
    `${source}: about must be the bytes of one JSON object: name a file that export_blocks of limitlaw_export.py wrote`,
  );
}

function tensorsOf(list: unknown, source: string): readonly TensorFacts[] {
  if (!Array.isArray(list) || list.length === 0)
    throw new UsageError(
      `${source}: "tensors" in about must be a list of at least one tensor, got ${shown(list)}: export again`,
    );
  const tensors = list.map((each: unknown, k) => tensorOf(each, source, `tensors[${k}]`));
  const names = tensors.map(({ name }) => name);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined)
    throw new UsageError(`${source}: tensor '${twice}' must be listed once in about, it is there twice: export again`);
  return tensors;
}

function tensorOf(fields: unknown, source: string, place: string): TensorFacts {
  if (!isFields(fields))
    throw new UsageError(`${source}: ${place} in about must be an object, got ${shown(fields)}: export again`);
  const read = reader(fields, source, place);
  const blocks = read.needed('blocks', 'a whole number from 1 on', countFrom(1));
  const tensor = {
    name: read.needed('name', `text without a slash, of up to ${longestName} characters`, isName),
    shape: read.needed('shape', 'a list of whole numbers from 1 on', isShape),
    partition: read.needed('partition', oneOf(partitionNames), isOneOf(partitionNames)),
    blocks,
    live: read.optional('live', `a whole number from 1 to ${blocks}`, countFrom(1, blocks)) ?? blocks,
    floor: read.optional('floor', oneOf(floorNames), isOneOf(floorNames)),
  };
  const entries = tensor.shape.reduce((product, length) => product * length, 1);
  if (tensor.blocks > entries || (tensor.partition === 'whole' && tensor.blocks !== 1))
    throw new UsageError(
      `${source}: tensor '${tensor.name}' of ${tensor.partition === 'whole' ? 'partition "whole" must be 1 block' : `${entries} entries must have at most as many blocks`}, it has ${tensor.blocks}: export again`,
    );
  return tensor;
}

function reader(fields: Fields, source: string, place: string) {
  const refuse = (name: string, rule: string): UsageError =>
    new UsageError(`${source}: "${name}" in ${place} must be ${rule}, got ${shown(fields[name])}: export again`);
  return {
    needed<Value>(name: string, rule: string, holds: (value: unknown) => value is Value): Value {
      const value = fields[name];
      if (holds(value)) return value;
      throw refuse(name, rule);
    },
    optional<Value>(name: string, rule: string, holds: (value: unknown) => value is Value): Value | null {
      const value = fields[name] ?? null;
      if (value === null || holds(value)) return value;
      throw refuse(name, `${rule}, or null`);
    },
  };
}

const countFrom =
  (least: number, most = largestCount) =>
  (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

const isText = (value: unknown): value is string => typeof value === 'string';
const isName = (value: unknown): value is string =>
  isText(value) && value !== '' && value.length <= longestName && !value.includes('/');
const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.length <= 8 && value.every(countFrom(1));
const isCosineSquare = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 1 + slack;

const oneOf = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(' or ');
const isOneOf =
  <Name extends string>(names: readonly Name[]) =>
  (value: unknown): value is Name =>
    names.includes(value as Name);

/** What a field holds, in a few characters. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
