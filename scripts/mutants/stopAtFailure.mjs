// Jest's environment for a changed program: one failing test is enough, the rest of its file is left out.
import { TestEnvironment } from 'jest-environment-node';

export default class StopAtFailure extends TestEnvironment {
  #hasFailed = false;

  async handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure') this.#hasFailed = true;
    if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
  }
}
