/**
 * Where results are written has failed: a full disk, a quota, a folder that may not be written or has gone, a journal
 * that was altered (exit code 3). The message is one sentence or two: the path, what happened, what is kept, how to go
 * on.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    message: string,
    /** The file or folder that the message is about. */
    readonly path: string,
    /** The system's word for it, ENOSPC say; undefined where no call of the system has failed. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** What the system's word means to a person, and what mends it. */
const troubles: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', 'free some space'],
  EDQUOT: ['the quota of this user is used up', 'free some space or ask for more'],
  EFBIG: ['the file has reached the largest size allowed here', 'raise the limit (ulimit -f)'],
  EROFS: ['the file system is read-only', 'make it writable'],
  EACCES: ['writing is not permitted', 'give yourself the permission to write there'],
  EPERM: ['writing is not permitted', 'give yourself the permission to write there'],
  ENOENT: ['it has been moved or removed', 'look for it'],
  ENOTDIR: ['it has been moved or removed', 'look for it'],
  ESTALE: ['it has been moved or removed', 'look for it'],
  EIO: ['the device reports an error', 'look after the disk'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
};

/**
 * A failed call of the system as a StoreError: `kept` says what is safe, `goOn` what to do once the trouble is mended.
 * An error of another kind is returned as it is.
 */
export function asStoreError(error: unknown, path: string, kept: string, goOn: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof StoreError || code === undefined) return error;
  const [what, remedy] = troubles[code] ?? ['the system refuses', 'mend that'];
  return new StoreError(`'${path}' cannot be written: ${what} (${code}). ${kept}; ${remedy}, then ${goOn}`, path, code);
}
