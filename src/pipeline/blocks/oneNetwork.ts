/** Several exports together: they must be of one network, at other numbers of classes, steps or initialisations. */
import { UsageError } from '../../../theory/errors.js';
import type { ProbeFile, TensorFacts } from './probeFile.js';

/** What every file must have as the first has it, and what it is called. */
const common = {
  loss: 'loss',
  dimension: 'width D of the hidden state',
  finalNorm: 'final norm',
} as const satisfies Partial<Record<keyof ProbeFile, string>>;

/** @throws UsageError naming both files and what differs, or two files that are of the same draw */
export function requireOneNetwork(files: readonly ProbeFile[]): void {
  const first = files[0]!;
  for (const file of files.slice(1)) {
    for (const [name, words] of Object.entries(common) as [keyof typeof common, string][])
      if (file[name] !== first[name])
        throw differs(first, file, `the ${words} is ${file[name] ?? 'not given'}, and ${first[name] ?? 'not given'}`);
    requireSameTensors(first, file);
  }
  const seen = new Map<string, ProbeFile>();
  for (const file of files) {
    const { classes, samples, step, initialisation, source } = file;
    const key = [classes, samples, step, initialisation].join();
    const other = seen.get(key);
    if (other !== undefined)
      throw new UsageError(
        initialisation === null
          ? `${other.source} and ${source} both have C = ${classes}, N = ${samples}${stepOf(step)}, and neither the number of its initialisation: export each with initialisation=0, 1, …, or give one of them`
          : `${other.source} and ${source} must be different networks, but both are initialisation ${initialisation} at C = ${classes}, N = ${samples}${stepOf(step)}: leave one out, or number the draws apart when they are exported`,
      );
    seen.set(key, file);
  }
}

const stepOf = (step: number | null): string => (step === null ? '' : `, step ${step}`);

function requireSameTensors(first: ProbeFile, file: ProbeFile): void {
  const others = new Map(file.tensors.map((tensor) => [tensor.name, tensor]));
  for (const tensor of first.tensors) {
    const other = others.get(tensor.name);
    if (other === undefined) throw differs(first, file, `there is no tensor '${tensor.name}'`);
    others.delete(tensor.name);
    for (const name of ['partition', 'floor'] as const)
      if (other[name] !== tensor[name])
        throw differs(
          first,
          file,
          `the ${name} of '${tensor.name}' is ${other[name] ?? 'none'}, and ${tensor[name] ?? 'none'}`,
        );
    if (!isSameShape(tensor, first.classes, other, file.classes))
      throw differs(
        first,
        file,
        `the shape of '${tensor.name}' is ${other.shape.join('×')} at C = ${file.classes}, and ${tensor.shape.join('×')} at C = ${first.classes}`,
      );
  }
  const [more] = others.keys();
  if (more !== undefined) throw differs(first, file, `there is a tensor '${more}' more`);
}

/** Lengths are equal, or both are C. */
const isSameShape = (one: TensorFacts, classes: number, other: TensorFacts, otherClasses: number): boolean =>
  one.shape.length === other.shape.length &&
  one.shape.every((length, axis) => {
    const there = other.shape[axis];
    return length === there || (length === classes && there === otherClasses);
  });

const differs = (first: ProbeFile, file: ProbeFile, how: string): UsageError =>
  new UsageError(
    `${file.source} must be of the network of ${first.source}, but ${how}: give files of one network together`,
  );
