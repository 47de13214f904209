/** The built program, as another program meets it: over pipes. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('../../../../dist/src/cli/limitlaw.js', import.meta.url));
const line = (message: object): string => `${JSON.stringify(message)}\n`;
const law = line({ id: 1, method: 'law', params: { weights: '1:1', 'aspect-ratio': 0.5 } });

describe('limitlaw serve --stdio', () => {
  test('answers a million points, writes nothing else to stdout, and ends with 0 when its input ends', () => {
    const points = Float64Array.from({ length: 1e6 }, (_, k) => k / 2.5e5);
    const at = { float64: Buffer.from(points.buffer).toString('base64'), shape: [1e6] };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'serve', '--stdio'], {
      input: law + line({ id: 2, method: 'evaluate', params: { handle: 1, function: 'pdf', at } }),
      encoding: 'utf8',
      maxBuffer: 2 ** 25,
    });
    const answers = stdout.trim().split('\n');
    expect({ status, stderr, lines: answers.length }).toEqual({ status: 0, stderr: '', lines: 2 });
    const { result } = JSON.parse(answers[1]!) as { result: { values: { float64: string; shape: number[] } } };
    const density = new Float64Array(Uint8Array.from(Buffer.from(result.values.float64, 'base64')).buffer);
    // Mass 1 by the trapezoidal rule, whose error at square-root edges is of order h^1.5.
    expect(density.reduce((sum, value) => sum + value, 0) / 2.5e5).toBeCloseTo(1, 7);
  });
  test('says how it is used without --stdio', () => {
    const { status, stderr } = spawnSync(process.execPath, [program, 'serve'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, 'limitlaw: serve: say where requests come from: --stdio\n']);
  });
  test('ends when nobody reads what it answers', async () => {
    const child = spawn(process.execPath, [program, 'serve', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const ended = once(child, 'exit');
    child.stdin.on('error', () => {});
    child.stdout.destroy();
    const asking = setInterval(() => child.stdin.write(law), 50);
    await ended;
    clearInterval(asking);
    expect(child.signalCode).toBeNull();
  });
});
