import type { TestDraft } from '../claim.js';

/**
 * What a test is called: its name in full, and its label under the heading of a claim, which says model, loss and
 * initialisation already.
 *
 * @param regime model, loss, initialisation and the like
 * @param what what is held against what
 * @param block of which block, where it is of one
 */
export function nameTest(regime: string, what: string, block?: string): Pick<TestDraft, 'name' | 'label'> {
  const label = block === undefined ? what : `${block}: ${what}`;
  return { name: `${regime}${block === undefined ? ':' : ','} ${label}`, label };
}
