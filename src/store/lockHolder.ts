/** Who holds a lock, told so that a process which has gone is not taken for a later one of the same number. */
import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface LockHolder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, in the system's clock ticks since boot; null where /proc does not tell. */
  readonly start: string | null;
  /** Of the machine's present run; null where /proc does not tell. */
  readonly boot: string | null;
  /** Of the machine, and of the space in which the number counts (containers have their own). */
  readonly machine: string | null;
  readonly space: string | null;
  readonly since: string;
  /** Two locks never have the same. */
  readonly token: string;
}

/** This process, now. */
export function ownHolder(now: Date = new Date()): LockHolder {
  return {
    host: hostname(),
    pid: process.pid,
    start: startOf(process.pid) ?? null,
    boot: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    machine: orNull(() => readFileSync('/etc/machine-id', 'utf8').trim()),
    space: orNull(() => readlinkSync('/proc/self/ns/pid')),
    since: now.toISOString(),
    token: randomBytes(8).toString('hex'),
  };
}

/**
 * Whether the process of a holder is there: `elsewhere` where this one cannot see it, on another host or in another
 * container.
 */
export function stateOf(holder: LockHolder, own: LockHolder): 'running' | 'gone' | 'elsewhere' {
  if (holder.host !== own.host || holder.machine !== own.machine) return 'elsewhere';
  if (holder.boot !== own.boot) return own.machine === null || own.machine === '' ? 'elsewhere' : 'gone';
  if (holder.space !== own.space) return 'elsewhere';
  if (own.start !== null && holder.start !== null) return startOf(holder.pid) === holder.start ? 'running' : 'gone';
  try {
    process.kill(holder.pid, 0);
    return 'running';
  } catch (error) {
    // EPERM: it is there, of another user.
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'running';
  }
}

/** Undefined where there is no such process, or it has ended and its parent has not asked. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in brackets and may hold anything; the third field comes after it, the start is the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function orNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
