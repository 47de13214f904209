import { describe, expect, test } from '@jest/globals';
import { readLines } from '../../../../src/cli/serve/readLines.js';

async function lines(pieces: readonly (string | Uint8Array)[], limit?: number): Promise<string[]> {
  const input = async function* (): AsyncGenerator<Buffer> {
    for (const piece of pieces) yield Buffer.from(piece as string);
  };
  const found: string[] = [];
  for await (const line of readLines(input(), limit)) found.push(typeof line === 'string' ? line : `! ${line.message}`);
  return found;
}

describe('lines', () => {
  test('come out whole wherever the bytes are cut, in a letter of several bytes too', async () => {
    const bytes = Buffer.from('σ²\r\n\n{"a": "Ω"}\nlast');
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await lines([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(['σ²', '', '{"a": "Ω"}', 'last']);
    expect(await lines([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(['σ²', '', '{"a": "Ω"}', 'last']);
  });
  test('that are too long are refused, and the next is read', async () => {
    const found = await lines(['12345', '678\n123456\n', '1234567890'], 6);
    expect(found).toEqual([
      expect.stringMatching(/^! .*at most 6 bytes, got 8/),
      '123456',
      expect.stringMatching(/^! .*got 10/),
    ]);
  });
  test('of nothing are none', async () => expect(await lines([])).toEqual([]));
});
