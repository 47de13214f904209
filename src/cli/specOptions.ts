import { text } from './modelOptions.js';

export const specWords = { spec: { describe: 'Specification, a YAML or JSON file' } } as const;

/** What every command that takes a specification takes beside it. */
export const specOptions = {
  seed: text('Root seed, before that of the specification [default: its own, or 1]'),
  'print-spec': { type: 'boolean', default: false, describe: 'Write a commented example to stdout' },
  'print-schema': { type: 'boolean', default: false, describe: 'Write the JSON Schema, for editors, to stdout' },
} as const;
