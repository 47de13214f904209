// `head` is a word of `ratio` alone. Wherever else a model is named it is refused with a way to go on, never by a list of choices.
import { describe, expect, test } from '@jest/globals';
import { commands } from '../../../src/cli/commands/index.js';
import { modelChoice } from '../../../src/pipeline/options/modelOptions.js';
import { loadSpec } from '../../../src/specification/loadSpec.js';
import { models, ratioModelNames, ratioModels } from '../../../theory/names.js';

const naming = commands.filter(({ options }) => Object.keys(options).includes('model'));

describe('a head where models are named', () => {
  test('is a choice of every command that has --model, so that the command itself can answer', () => {
    expect(naming.map(({ name }) => name.split(' ')[0]).sort()).toEqual([
      ...['compare', 'hessian', 'law', 'ratio', 'sample', 'train'],
    ]);
    for (const { options } of naming) {
      const { choices } = (options as unknown as { model: { choices: readonly string[] } }).model;
      expect(choices).toEqual([...models, ...ratioModelNames]);
    }
  });

  test.each(ratioModelNames)(
    '%s is refused by law, compare and sample with the reason and the way to go on',
    (name) => {
      expect(() => modelChoice({ model: name, loss: 'ce' })).toThrow(ratioModels[name]);
      // As long as a message may be.
      expect(`--model ${name}: ${ratioModels[name]}`.length).toBeLessThanOrEqual(300);
    },
  );

  test('is refused by a specification the same way', () => {
    const spec = ['model: head', 'loss: ce', 'd: 20', 'N: 40', 'C: 5', 'replicates: 2'].join('\n');
    expect(() => loadSpec(spec)).toThrow(/model: linear with inputs: \{distribution: data, file: h\.npy\}/);
  });
});
