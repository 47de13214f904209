import { describe, expect, test } from '@jest/globals';
import { run } from '../../../src/cli/program.js';
import { complain, printJson, visibleOn, type Terminal } from '../../../src/cli/terminal.js';

function recorder() {
  const written = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    columns: 80,
    interactive: false,
  };
  return { terminal, written };
}

describe('a terminal shows control characters', () => {
  // Colour, title of the window, carriage return, C1 sequence, direction, separator of lines.
  const hostile = '\x1b[31mred\x1b]0;title\x07\r\x9b2J\u202egnp.exe\u2028\x7f';
  const shown = '\\u001b[31mred\\u001b]0;title\\u0007\\u000d\\u009b2J\\u202egnp.exe\\u2028\\u007f';
  test('in data and in messages, while newline, tab and letters pass', () => {
    const { terminal, written } = recorder();
    visibleOn(terminal).out(`${hostile}\tσ\n`);
    visibleOn(terminal).err(`${hostile}\n`);
    expect(written).toEqual({ out: `${shown}\tσ\n`, err: `${shown}\n` });
  });
  test('in JSON as escapes that read back as the same text', () => {
    const { terminal, written } = recorder();
    printJson(visibleOn(terminal), { name: hostile });
    expect(written.out).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
    expect(JSON.parse(written.out)).toEqual({ name: hostile });
  });
  test('a command line: an unknown word, a file name, a value', async () => {
    for (const words of [
      [hostile],
      ['compare', '--eigenvalues', `${hostile}.csv`, '--weights', '1:1', '--aspect-ratio', '0.5'],
      ['law', '--weights', hostile, '--aspect-ratio', '0.5'],
      ['sweep', `nowhere${hostile}\n.yaml`],
    ]) {
      const { terminal, written } = recorder();
      expect(await run(words, terminal)).toBe(2);
      expect(written.err).toMatch(/^limitlaw: [^\p{Cc}]+\n$/u);
      expect(written.out).toBe('');
    }
  });
});

describe('a complaint', () => {
  const said = (message: string) => {
    const { terminal, written } = recorder();
    complain(terminal, message);
    return written.err;
  };
  test('stays as it is when it is short', () => expect(said('a: b. Mend it.')).toBe('limitlaw: a: b. Mend it.\n'));
  test('is one line', () => expect(said('a\nlimitlaw: b')).toBe('limitlaw: a\\u000alimitlaw: b\n'));
  test('loses the middle of long words, then its own, and keeps place and remedy', () => {
    const path = said(`/tmp/${'x'.repeat(4000)}/spec.yaml, line 3, d: a number is needed. Change the value.`);
    expect(path).toMatch(/^limitlaw: \/tmp\/x+…x+\/spec\.yaml, line 3, d: a number is needed\. Change the value\.\n$/);
    const words = said(`s.yaml, line 3: ${'word '.repeat(200)}Change the value.`);
    expect(words).toMatch(/^limitlaw: s\.yaml, line 3: (word )+.*…[^…]*Change the value\.\n$/);
    expect(words).toHaveLength(300);
  });
  test('without a stack, of any option, stays under 300 characters', async () => {
    const long = 'y'.repeat(5000);
    for (const words of [
      ['check', '--claims', long],
      ['sweep', long],
      ['law', `--${long}`],
      [long],
      ['merge', long, '--out', long],
    ]) {
      const { terminal, written } = recorder();
      await run(words, terminal);
      expect(written.err.length).toBeLessThanOrEqual(300);
    }
  });
});
