/** What a cause says, in English. */
import type { Finding, NamedFactor, Refit } from './cause.js';

const digits = (value: number, count = 4): string => String(Number(value.toPrecision(count)));

/** With the causes allowed for. */
export function refitSentence({ scale, dimension, samples, pValue }: Omit<Refit, 'sentence'>): string {
  return `with ${dimension} dimensions, N = ${digits(samples)} and a scale of ${digits(scale)} the bulk has the shape of the law (p = ${digits(pValue, 2)})`;
}

export function causeSentence(finding: Finding): string {
  switch (finding.name) {
    case 'factor':
      return factorSentence(finding);
    case 'swapped ratio':
      return `The aspect ratio is N/d where d/N is asked for: N = ${finding.samples}.`;
    case 'centred':
      return `One zero more than d − N: the mean was subtracted, which leaves N − 1 = ${finding.samples} degrees of freedom.`;
    case 'zeros':
      return zerosSentence(finding);
    case 'other N':
      return finding.interval === undefined
        ? `The zeros leave N = ${finding.samples}.`
        : `Another N: ${digits(finding.samples)} (95 % interval ${finding.interval.map((bound) => digits(bound)).join(' … ')}), of independent samples.`;
    case 'square roots':
      return 'These are square roots of eigenvalues, as singular values of the data and standard deviations are: their squares have the shape of the law.';
    case 'modes':
      return modesSentence(finding);
    case 'rows or columns':
      return `Rows or columns of the data are correlated, or of unequal variance: a spectrum does not tell which. ${triedSentence(finding)}`;
    case 'heavy tails':
      return `Heavy tails, of entries or of lengths of rows: the largest eigenvalues lie ${digits(finding.topScore, 2)} standard deviations above what unequal variances explain. ${triedSentence(finding)}`;
  }
}

function factorSentence({ ratio, interval, named, mayBeCentring }: Extract<Finding, { name: 'factor' }>): string {
  const found = `${digits(ratio)} times the law (95 % interval ${interval.map((bound) => digits(bound)).join(' … ')})`;
  if (named.length === 0)
    return `The spectrum is ${found}: no product of 2, N and C.${mayBeCentring ? ' N/(N − 1) would do: was the mean subtracted, or a sum divided by N − 1?' : ''}`;
  return `A factor ${named.map(factorText).join('; or ')}. The spectrum is ${found}.`;
}

function factorText({ text, value, meaning }: NamedFactor): string {
  const amount = digits(value);
  return `${text}${text === amount ? '' : ` = ${amount}`}: ${meaning}`;
}

function zerosSentence({ zeros, expected, of, dimension, samples }: Extract<Finding, { name: 'zeros' }>): string {
  const counted = `${zeros} zeros where the law has ${expected}`;
  return of === 'samples'
    ? `${counted}: ${samples} samples count, the others are empty or repeat them.`
    : `${counted}: dead columns. ${dimension} dimensions are left.`;
}

const mostListed = 5;

function modesSentence({ above, below }: Extract<Finding, { name: 'modes' }>): string {
  const all = [...above, ...below];
  const list = all
    .slice(0, mostListed)
    .map(({ eigenvalue, strength }) => `${digits(eigenvalue)} (${digits(strength, 3)})`);
  const more = all.length > mostListed ? ', …' : '';
  return `${all.length} ${all.length === 1 ? 'mode stands' : 'modes stand'} outside the bulk, eigenvalue (variance over that of the bulk): ${list.join(', ')}${more}.`;
}

function triedSentence({
  tried,
}: {
  readonly tried: readonly { readonly name: string; readonly rms: number }[];
}): string {
  return `The bulk is off by ${tried.map(({ name, rms }) => `${rms.toFixed(1)} ranks (${name})`).join(', ')}; 0.8 is usual.`;
}
