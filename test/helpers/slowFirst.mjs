// Order of test files where Jest has no times of an earlier run: those that start programs first, then statistical ones,
// so that no worker is left with the longest file when the other has finished.
import Sequencer from '@jest/test-sequencer';

const first = ['/documents/', '.functional.test', '.statistical.test'];

export default class SlowFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}

function rank({ path }) {
  const found = first.findIndex((part) => path.includes(part));
  return found === -1 ? first.length : found;
}
