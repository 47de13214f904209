/**
 * What the paper says, in this project's words, and where. A claim is about what this program predicts; beside it stand
 * the sentences that it answers, marked by what was drawn (evidence/markSentence.ts). "The restatement" is arXiv
 * 2608.16760, sections 3 and 3.1; paper-notes.md has the equations.
 */
import type { PaperSentence } from '../../figures/results.js';

export type StatedSentence = Pick<PaperSentence, 'sentence' | 'source' | 'holds'>;

const paper = 'arXiv 2505.02809';
const restatement = 'arXiv 2608.16760';

export const paperSentences = {
  zeroBlocks: {
    sentence:
      'Under squared error the blocks off the diagonal of a linear output are zero, whatever the number of classes.',
    source: `${paper}, squared error`,
    holds: 'always: the second derivative of the squared error by the outputs is the identity',
  },
  limitLaws: {
    sentence: 'As d and N grow in proportion the spectra of the blocks tend to (generalised) Marčenko–Pastur laws.',
    source: `${paper}, limit laws at initialisation`,
    holds: 'Gaussian inputs, fixed C and m; for a hidden layer given V, on which the limit depends',
  },
  blocksVanish: {
    sentence:
      'As C grows the blocks off the diagonal vanish beside those on it: the architecture alone makes the Hessian block-diagonal.',
    source: `${paper}, abstract (static force)`,
    holds:
      'at initialisation, where the constants are finite: normal readouts with LeCun variances from m = 3 on, uniform ones at every m',
  },
  rateOne: {
    sentence: 'The ratio of squared norms of blocks off and on the diagonal falls like 1/C.',
    source: `${paper}, rates (hidden blocks)`,
    holds: 'as C grows; at C of some hundred the exponent of cross-entropy is still near −0.8 (LeCun)',
  },
  rateTwo: {
    sentence: 'The ratio of squared norms of blocks off and on the diagonal falls like 1/C².',
    source: `${paper}, rates (linear and output blocks, cross-entropy)`,
    holds: 'as C grows; the constant moves with C, so that a straight line is biased by some hundredths',
  },
  circulant: {
    sentence: 'At initialisation a block (w_i, v_j) is a single column, i: the w–v part is block-circulant.',
    source: `${restatement}, equation 3.5 and figure 3.3`,
    holds:
      'cross-entropy with many classes; under squared error the column stands out, but as much lies outside the part that carries the residual',
  },
  deepCirculant: {
    sentence:
      'In a network of several layers the blocks between neighbouring layers are block-circulant at initialisation, those between distant layers dense.',
    source: `${restatement}, figure 3.3`,
    holds:
      'at initialisation, ReLU: the part that carries the residuals is one column between neighbours and all columns otherwise; under squared error the column holds little more than half of a block',
  },
  boundedByLoss: {
    sentence: 'The entries of that column are bounded by the loss.',
    source: `${restatement}, equation 3.5`,
    holds: 'always, with explicit constants',
  },
  gapErased: {
    sentence: 'That column is proportional to the optimality gap, so that training erases it.',
    source: `${restatement}, equation 3.5`,
    holds:
      'where the data are fitted; with random labels training takes the part that the gradient sees and leaves the rest',
  },
  crossErased: {
    sentence: 'Training makes the cross-layer blocks vanish.',
    source: `${restatement}, figure 3.3`,
    holds:
      'under squared error; under cross-entropy they grow with the weights, and only their share of the Hessian falls',
  },
  crossShareErased: {
    sentence:
      'After training the picture of the Hessian is block-diagonal: little of its squared norm lies between the layers.',
    source: `${restatement}, figure 3.3`,
    holds: 'at the published size; a share is relative, and falls because the blocks within the layers grow',
  },
  diagonalKept: {
    sentence: 'Training keeps the blocks within a layer as diagonal as the architecture made them.',
    source: `${restatement}, section 3.1`,
    holds:
      'not under cross-entropy, where the ratios rise several times; under squared error the rise follows the step of the optimiser',
  },
} as const satisfies Record<string, StatedSentence>;
