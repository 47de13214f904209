import { describe, expect, test } from '@jest/globals';
import { candidates } from '../../../../src/cli/completion/candidates.js';
import { commands } from '../../../../src/cli/commands/index.js';
import { initialisations, models, ratioModelNames } from '../../../../theory/names.js';

const wordsAfter = (...words: string[]) => candidates(words, commands).map(({ word }) => word);

describe('what may stand next on a command line', () => {
  test('commands, by their beginnings, with what they do', () => {
    expect(wordsAfter('')).toEqual(commands.map(({ name }) => name.split(' ')[0]));
    expect(wordsAfter('mer')).toEqual(['merge']);
    expect(candidates(['doc'], commands)[0]!.meaning).toMatch(/this machine/);
    expect(wordsAfter('nothing', '')).toEqual([]);
  });
  test('options that are not given yet', () => {
    expect(wordsAfter('doctor', '')).toEqual(['--json', '--config']);
    expect(wordsAfter('doctor', '--json', '-')).toEqual(['--config']);
    expect(wordsAfter('check', '--print-j')).toEqual(['--print-job']);
  });
  test('choices after an option, in either spelling, as bash parts it too', () => {
    expect(wordsAfter('law', '--model', '')).toEqual([...models, ...ratioModelNames]);
    expect(wordsAfter('law', '--initialisation=h')).toEqual(
      initialisations.filter((name) => name.startsWith('h')).map((name) => `--initialisation=${name}`),
    );
    expect(wordsAfter('check', '--preset', '=', 'p')).toEqual(['paper']);
    expect(wordsAfter('check', '--preset', '=')).toEqual(['quick', 'paper', 'full']);
    expect(wordsAfter('completion', 'z')).toEqual(['zsh']);
  });
  test('nothing where a file or a number belongs: shells offer files', () => {
    expect(wordsAfter('compare', '--eigenvalues', '')).toEqual([]);
    expect(wordsAfter('sweep', '')).toEqual([]);
    expect(wordsAfter('merge', 'RU')).toEqual([]);
    // A switch takes no value.
    expect(wordsAfter('check', '--calibrate', '--wo')).toEqual(['--workers']);
  });
});
