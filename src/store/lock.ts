/** One process at a time: a file that tells who is at work here, and is taken over when that process has gone. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UsageError } from '../../theory/errors.js';
import { ownHolder, stateOf } from './lockHolder.js';
import type { LockHolder } from './lockHolder.js';

export interface Lock {
  /** Gives the lock back; more than once is no matter. It is given back when the process exits, too. */
  release(): void;
}

/**
 * Claims what the lock file at `path` stands for; `subject` names it to a person ("run folder 'x'"). `look` tells
 * whether a holder is still there.
 * @throws UsageError when another process holds it, naming that process; an error of the system where no file can be
 * made there.
 */
export function claim(path: string, subject: string, look: typeof stateOf = stateOf): Lock {
  const own = ownHolder();
  const draft = `${path}.${own.token}.draft`;
  writeFileSync(draft, `${JSON.stringify(own)}\n`, { flag: 'wx' });
  try {
    take(path, draft, own, subject, look);
  } finally {
    rmSync(draft, { force: true });
  }
  const release = (): void => {
    process.off('exit', release);
    if (tokenAt(path) === own.token) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return { release };
}

/** Puts the draft, complete as it is, in the lock's place: a link is made by one process only. */
function take(path: string, draft: string, own: LockHolder, subject: string, look: typeof stateOf): void {
  for (;;) {
    if (placed(path, draft)) return;
    const holder = readHolder(path);
    if (holder === undefined) continue;
    if (holder === 'unreadable' || look(holder, own) !== 'gone')
      throw new UsageError(refusal(path, subject, holder, own));
    // Of those that find it left behind one may replace it: the right to do so is itself a lock, named by what it is
    // for, so that nobody who comes late replaces a newer one.
    const right = claim(`${path}.${holder.token}`, subject);
    try {
      if (tokenAt(path) !== holder.token) continue;
      renameSync(draft, path);
      return;
    } finally {
      right.release();
    }
  }
}

function placed(path: string, draft: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
  }
  // A file system without links: made exclusively, though for a moment without its content.
  try {
    writeFileSync(path, readFileSync(draft), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A lock file that tells nobody. */
type Unreadable = 'unreadable';

/** Undefined when there is none. */
function readHolder(path: string): LockHolder | Unreadable | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable';
  }
  try {
    const holder = JSON.parse(text) as LockHolder;
    if (typeof holder.pid === 'number' && /^[0-9a-f]{16}$/.test(holder.token)) return holder;
  } catch {
    // As below.
  }
  return 'unreadable';
}

function tokenAt(path: string): string | undefined {
  const holder = readHolder(path);
  return holder === 'unreadable' ? undefined : holder?.token;
}

function refusal(path: string, subject: string, holder: LockHolder | Unreadable, own: LockHolder): string {
  if (holder === 'unreadable')
    return `${subject} is claimed by a file that cannot be read: remove '${path}' when no limitlaw is at work there`;
  const { host, pid, since } = holder;
  const who = `process ${pid} on ${host}, since ${since}`;
  if (stateOf(holder, own) === 'elsewhere')
    return `${subject} is in use by ${who}, which cannot be seen from here: when it has ended, remove '${path}'`;
  return `${subject} is in use by ${pid === own.pid ? 'this process' : who}: wait until it has ended, or name another`;
}
