import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commands } from '../../../../src/cli/commands/index.js';
import { protocol, serve } from '../../../../src/cli/serve/serve.js';
import { lawCommand } from '../../../../src/pipeline/law/lawCommand.js';
import { writeNpy } from '../../../../src/store/formats/index.js';

type Answer = Record<string, unknown> & { id: unknown };
interface Refused {
  readonly kind: string;
  readonly message: string;
}

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'limitlaw-serve-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** All answers to the lines, which are sent one after the other; `when` may send more as answers come. */
async function asked(lines: readonly unknown[], when?: (answer: Answer) => unknown): Promise<Answer[]> {
  const answers: Answer[] = [];
  const waiting = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  let open = when !== undefined;
  let wake = (): void => {};
  const input = async function* (): AsyncGenerator<Buffer> {
    for (;;) {
      while (waiting.length > 0) yield Buffer.from(`${waiting.shift()!}\n`);
      if (!open) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  await serve(commands, {
    input: input(),
    gone: new AbortController().signal,
    write(line) {
      expect(line).toMatch(/^[^\n]+\n$/);
      const answer = JSON.parse(line) as Answer;
      answers.push(answer);
      const more = when?.(answer);
      if (more === 'end') open = false;
      else if (more !== undefined) waiting.push(JSON.stringify(more));
      wake();
    },
  });
  return answers;
}

async function result(method: string, params: object, beside: object = {}): Promise<unknown> {
  const answers = await asked([{ id: 1, method, params, ...beside }]);
  const answer = answers.at(-1)!;
  if ('error' in answer) throw answer['error'] as Refused;
  return answer['result'];
}

const refusal = (method: string, params: object, beside: object = {}): Promise<Refused> =>
  result(method, params, beside).then(
    (value) => Promise.reject(new Error(`answered with ${JSON.stringify(value)}`)),
    (error: Refused) => error,
  );

const base64 = (values: readonly number[]): string => Buffer.from(Float64Array.from(values).buffer).toString('base64');
const numbers = (array: unknown): number[] => {
  const bytes = Buffer.from((array as { float64: string }).float64, 'base64');
  return [...new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))];
};

describe('a handshake', () => {
  test('tells the version, the protocol and the methods', async () =>
    expect(await result('hello', { protocol })).toMatchObject({
      name: 'limitlaw',
      protocol,
      methods: expect.any(Array),
    }));
  test('is refused in another protocol', async () =>
    expect(await refusal('hello', { protocol: 99 })).toEqual({
      kind: 'usage',
      message: expect.stringContaining('99'),
    }));
});

describe('a law', () => {
  const named = { model: 'linear', loss: 'ce', block: 'off-diagonal', classes: 10, aspect_ratio: 0.5 };
  const words = { ...named, classes: '10', aspectRatio: '0.5' };
  test('has the numbers of limitlaw law, bit by bit, in any order and in both forms', async () => {
    const points = [-0.001, -0.02, -0.1, 0.3, -0.02];
    const report = await lawCommand({ ...words, at: points.join(','), quantiles: '0,0.3,1', moments: '3' });
    const evaluate = (id: number, name: string, at: unknown) => ({
      id,
      method: 'evaluate',
      params: { handle: 1, function: name, at },
    });
    const answers = await asked([
      { id: 0, method: 'law', params: named },
      ...['pdf', 'cdf', 'sf'].map((name, k) => evaluate(1 + k, name, { float64: base64(points), shape: [5] })),
      evaluate(4, 'ppf', [0, 0.3, 1]),
      evaluate(5, 'moment', { list: [1, 2, 3] }),
    ]);
    const values = answers.slice(1).map((answer) => (answer['result'] as { values: unknown }).values);
    expect(answers[0]!['result']).toMatchObject({ handle: 1, kind: 'law', support: report.support, atoms: [] });
    expect(values.slice(0, 3).map(numbers)).toEqual([
      report.points.map(({ density }) => density),
      report.points.map(({ cdf }) => cdf),
      report.points.map(({ survival }) => survival),
    ]);
    expect(values[3]).toEqual(report.quantiles.map(({ x }) => x));
    expect(values[4]).toEqual({ list: report.moments, shape: [3] });
  });
  test('keeps NaN, gives NaN for what is no probability, and knows infinity', async () => {
    const ask = (id: number, name: string, at: unknown) => ({
      id,
      method: 'evaluate',
      params: { handle: 1, function: name, at },
    });
    const answers = await asked([
      { id: 0, method: 'law', params: { weights: '1:1', aspect_ratio: 0.5 } },
      ask(1, 'pdf', ['NaN', 1, '-inf', 'inf']),
      ask(2, 'cdf', ['inf', 'NaN', '-inf']),
      ask(3, 'ppf', [-0.1, 1.1, 'NaN']),
    ]);
    const lists = answers.slice(1).map((answer) => (answer['result'] as { values: unknown[] }).values);
    // Marčenko–Pastur at 1 with d/N = 1/2: √((b − 1)(1 − a))/(2π γ) = √7/(2π), where a, b = (1 ∓ √½)².
    expect(lists[0]).toEqual(['NaN', expect.closeTo(Math.sqrt(7) / (2 * Math.PI), 12), 0, 0]);
    expect(lists.slice(1)).toEqual([
      [1, 'NaN', 0],
      ['NaN', 'NaN', 'NaN'],
    ]);
  });
  test('takes drawn weights as an array, stays until it is forgotten, and is then unknown', async () => {
    const evaluate = { method: 'evaluate', params: { handle: 1, function: 'cdf', at: [1] } };
    const answers = await asked([
      { id: 0, method: 'law', params: { 'weights-file': { list: [1, 1, 2] }, aspectRatio: 0.5 } },
      { id: 1, ...evaluate },
      { id: 2, method: 'forget', params: { handle: 1 } },
      { id: 3, ...evaluate },
    ]);
    // Three drawn weights of equal mass.
    const { points } = await lawCommand({ weights: '1,1,2', aspectRatio: '0.5', at: '1' });
    expect(answers[1]!['result']).toEqual({ values: [points[0]!.cdf] });
    expect(answers[2]!['result']).toEqual({ forgotten: true });
    expect(answers[3]!['error']).toMatchObject({ kind: 'forgotten' });
  });
});

describe('a command', () => {
  const spectrum = [0.2, 0.5, 0.9, 1.4, 2.4];
  const options = { weights: '1:1', 'aspect-ratio': 0.5, 'null-replicates': 19 };
  test('says of an array what it says of a file, and of a relative path in the folder of the request', async () => {
    writeFileSync(join(folder, 'eigenvalues.npy'), writeNpy(Float64Array.from(spectrum)));
    const ofArray = await result('compare', { eigenvalues: { float64: base64(spectrum) }, ...options });
    const here = process.cwd();
    const ofFile = await result('compare', { eigenvalues: 'eigenvalues.npy', ...options }, { folder });
    process.chdir(here);
    expect(ofArray).toMatchObject({ kind: 'compare', dimension: 5, source: '5 eigenvalues from eigenvalues.npy' });
    expect(ofFile).toEqual(ofArray);
  });
  test('takes lists, and names of options in any spelling', async () => {
    const { rows } = (await result('ratio', {
      model: 'linear',
      loss: 'ce',
      classes: [2, 'inf'],
      aspect_ratio: 1,
      logitVariance: 2,
    })) as {
      rows: unknown[];
    };
    expect(rows).toHaveLength(2);
  });
  test('tells of its progress, can be cancelled, and leaves the next request to be answered', async () => {
    const draws = {
      model: 'linear',
      dimension: 20,
      samples: 40,
      classes: 3,
      replicates: 20000,
      out: join(folder, 'draws'),
    };
    let cancelled = false;
    const answers = await asked([{ id: 'draws', method: 'sample', params: draws }], (answer) => {
      if (answer.id === 'next') return 'end';
      if (answer.id === 'draws' && 'error' in answer) return { id: 'next', method: 'hello', params: { protocol } };
      if (!('progress' in answer) || cancelled) return undefined;
      cancelled = true;
      return { id: 'c', method: 'cancel', params: { id: 'draws' } };
    });
    expect(answers.find(({ id }) => id === 'c')!['result']).toEqual({ cancelled: true });
    expect(answers.find((answer) => 'error' in answer)!['error']).toMatchObject({
      kind: 'interrupted',
      message: expect.stringContaining('--resume'),
    });
    expect(answers.at(-1)!['result']).toMatchObject({ protocol });
    expect(readdirSync(join(folder, 'draws'))).toContain('journal.jsonl');
  });
  test('that waits for its turn is cancelled before it is begun', async () => {
    const answers = await asked([
      { id: 1, method: 'law', params: { weights: '1:1', 'aspect-ratio': 0.5 } },
      { id: 2, method: 'ratio', params: {} },
      { id: 3, method: 'cancel', params: { id: 2 } },
      { id: 4, method: 'cancel', params: { id: 77 } },
    ]);
    expect(answers.find(({ id }) => id === 2)!['error']).toMatchObject({ kind: 'interrupted' });
    expect(answers.find(({ id }) => id === 4)!['result']).toEqual({ cancelled: false });
  });
});

describe('a refusal is one sentence that says what is wrong', () => {
  const law = { weights: '1:1', aspect_ratio: 0.5 };
  test.each<[string, string, object, RegExp]>([
    ['no such method', 'nothing', {}, /no method 'nothing': there are hello, law/],
    ['a name that every object has', 'constructor', {}, /no method/],
    ['no such option', 'compare', { eigenvalus: 'x' }, /--eigenvalus .did you mean --eigenvalues/],
    ['help', 'ratio', { help: true }, /no option help/],
    ['a job script', 'check', { print_job: 'slurm' }, /no option print-job/],
    ['an option that is none', 'ratio', { 'a b': 1 }, /no option a b/],
    ['an object for text', 'ratio', { model: { name: 'linear' } }, /--model must be text/],
    ['a missing option', 'law', { weights: '1:1' }, /--aspect-ratio must be given/],
    ['a choice', 'law', { ...law, weights: undefined, model: 'linea' }, /--model must be one of/],
    ['a shape that does not fit', 'compare', { eigenvalues: { list: [1, 2], shape: [3] } }, /shape must be .* 2/],
    ['half a double', 'compare', { eigenvalues: { float64: 'AAAA' } }, /base64 of doubles/],
    ['no base64', 'compare', { eigenvalues: { float64: '%%%%%%%%%%%=' } }, /base64 of doubles/],
    ['no number in a list', 'compare', { eigenvalues: { list: [1, 'x'] } }, /entry 1: must be a number/],
    ['a spectrum of NaN', 'compare', { eigenvalues: { list: ['NaN'] } }, /finite, but entry 0 is NaN/],
    ['no folder', 'ratio', {}, /folder must be one that can be entered, got '.no.such'/],
  ])('%s', async (name, method, params, message) => {
    const { kind, message: said } = await refusal(method, params, name === 'no folder' ? { folder: '/no/such' } : {});
    expect(kind).toBe('usage');
    expect(said).toMatch(message);
    expect(said).not.toMatch(/\n|at .*\.(ts|js):/);
  });
  test.each<[string, string | object, unknown]>([
    ['no JSON', '{"id": 1,', null],
    ['a list', '[1]', null],
    ['no id', { method: 'hello' }, null],
    ['an object for an id', { id: {}, method: 'hello' }, {}],
    ['no method', { id: 5 }, 5],
    ['a list of params', { id: 5, method: 'hello', params: [] }, 5],
    ['a number for a folder', { id: 5, method: 'hello', folder: 3 }, 5],
  ])('a line with %s, after which the next is answered', async (_name, line, id) => {
    const answers = await asked([line, '', { id: 9, method: 'hello', params: { protocol } }]);
    expect(answers.map((answer) => [answer.id, 'error' in answer])).toEqual([
      [id, true],
      [9, false],
    ]);
  });
  test('an id that is waiting for its answer', async () => {
    const hello = { id: 1, method: 'hello', params: { protocol } };
    const answers = await asked([hello, hello]);
    expect(answers.filter((answer) => 'error' in answer)).toEqual([
      { id: 1, error: { kind: 'usage', message: 'the id must be one that no unanswered request has' } },
    ]);
  });
});
