/** The result stands beside those of the other runs that figures are drawn from. */
export type * from '../../../figures/headResult.js';
