// The environment of every test file: Node's own, with two changes.
//
// Its context is an ordinary one. In a "contextified" one, as Jest makes it, every mention of a global (Math, Infinity,
// Float64Array) is a look-up through an interceptor, and a numerical loop takes four times as long as in plain Node.
//
// It fails a file that leaves something running. A worker of Jest that something keeps from ending is killed at the end of
// the run, and Jest cannot say what it was, or whose.
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';
import { activeResources, leftSince } from './leftResources.mjs';

// Milliseconds. A child that has been told to end may take a while on a loaded machine; a timer has no excuse.
const patience = { timer: 500, other: 5000 };

export default class NothingLeft extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }

  async setup() {
    await super.setup();
    this.before = activeResources();
  }

  async teardown() {
    let left = await leftSince(this.before, patience.timer);
    if (!left.some((words) => words.endsWith('Timeout'))) left = await leftSince(this.before, patience.other);
    await super.teardown();
    if (left.length > 0)
      throw new Error(
        `left running: ${left.join(', ')}. Close what the tests open (afterEach, afterAll) and wait for its end.`,
      );
  }
}
