import type { TestDraft } from '../claim.js';

/**
 * What a test is called: its name in full, and in two parts where and what.
 *
 * @param regime number of classes, initialisation and the like
 * @param what what is held against what
 * @param block of which block, where it is of one
 */
export function nameTest(regime: string, what: string, block?: string): Pick<TestDraft, 'name' | 'label' | 'where'> {
  const label = block === undefined ? what : `${block}: ${what}`;
  return { name: `${regime}${block === undefined ? ':' : ','} ${label}`, label, where: regime };
}
