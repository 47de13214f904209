import { semicircle } from '../../../theory/gmp/index.js';
import { positiveNumber } from '../options/textOptions.js';
import type { StatedLaw } from './ensemble.js';

/** The semicircle of radius 2√variance, law of real symmetric matrices with independent entries of variance/d. */
export function semicircleLaw(text: string): StatedLaw {
  const variance = text.trim() === '' ? 1 : positiveNumber('--semicircle', text);
  const law = semicircle({ variance });
  return {
    takesAspectRatio: false,
    copies: 1,
    at: () => ({ law }),
    ensemble: () => ({
      kind: 'wigner',
      free: ['scale'],
      takesAspectRatio: false,
      variance,
      law: () => law,
      moments: () => [0, variance],
      gapsAreReal: true,
      fingerprint: [[variance]],
    }),
  };
}
