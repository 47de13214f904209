// The two ways in which a change is looked for: by the claims that rest on it, and by unit tests.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';

/** A change may make a loop endless; what takes this long is ended and counts as found. */
const longest = 600_000;

/** The verdicts of `check` in the copy, and the clearest rejection. */
export async function runClaims(copy, { claims, preset = 'quick' }, name) {
  const out = join(copy.path, `run-${name}`);
  rmSync(out, { recursive: true, force: true });
  const words = ['dist/src/cli/limitlaw.js', 'check', '--claims', claims.join(','), '--seed', '1', '--preset', preset];
  const { status, stdout, stderr } = await run(copy, [...words, '--workers', '1', '--json', '--out', out]);
  rmSync(out, { recursive: true, force: true });
  if (status === 'late') return { failure: 'does not end' };
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    return { failure: `exit ${status}: ${lastLine(copy, stderr)}` };
  }
  const rejected = report.claims
    .flatMap((claim) =>
      claim.verdict !== 'disagree'
        ? []
        : [
            claim.evidence
              .filter((test) => test.rejected)
              .map((test) => ({ claim: claim.id, test: test.name, pValue: test.adjustedPValue }))
              .sort((a, b) => a.pValue - b.pValue)[0] ?? { claim: claim.id, test: claim.reason },
          ],
    )
    .sort((a, b) => (a.pValue ?? 0) - (b.pValue ?? 0));
  // A computation that failed beside a claim that is content is no disagreement, but it is told.
  const note = rejected.length === 0 && status !== 0 ? { note: `exit ${status}: ${lastLine(copy, stderr)}` } : {};
  return { verdicts: Object.fromEntries(report.claims.map(({ id, verdict }) => [id, verdict])), rejected, ...note };
}

/** How many tests pass in the copy, and the first of the files that fails. */
export async function runTests(copy, { tests, pattern }) {
  const out = join(copy.path, 'jest.json');
  rmSync(out, { force: true });
  const jest = 'node_modules/jest/bin/jest.js';
  const words = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '--runInBand'];
  const { status, stderr } = await run(copy, [
    ...words,
    ...['--env', './scripts/mutants/stopAtFailure.mjs', '--testTimeout', `${longest}`, '--json', '--outputFile', out],
    ...(pattern === undefined ? [] : ['--testNamePattern', pattern]),
    '--runTestsByPath',
    ...tests,
  ]);
  if (status === 'late') return { failure: 'does not end' };
  let report;
  try {
    report = JSON.parse(readFileSync(out, 'utf8'));
  } catch {
    return { failure: `exit ${status}: ${lastLine(copy, stderr)}` };
  }
  const failed = report.testResults.flatMap(({ assertionResults, message }) => {
    const names = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName);
    return names.length === 0 && assertionResults.length === 0
      ? [`cannot be run: ${message.trim().split('\n')[0]}`]
      : names;
  });
  return { passed: report.numPassedTests, failed };
}

/** Whether a half's result says that something is wrong. */
export function isCaught(result) {
  return result.failure !== undefined || (result.rejected ?? result.failed).length > 0;
}

/** What a program said last, without the place of the copy. */
function lastLine(copy, text) {
  return text.trim().split('\n').pop().replaceAll(copy.path, '');
}

function run(copy, words) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, { cwd: copy.path, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (part) => (text[stream] += part));
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    const timer = setTimeout(end, longest);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('exit', end);
      resolve({ status: signal === 'SIGKILL' ? 'late' : code, ...text });
    });
  });
}
