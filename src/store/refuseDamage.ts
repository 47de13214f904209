import { UsageError } from '../../theory/errors.js';

/**
 * What `use` makes of results that a file held. They are checked in outline when they are read; a part that is missing or
 * of another kind shows where it is used, and then the file is to blame.
 * @throws UsageError naming `source`.
 */
export async function refuseDamage<Result>(source: string, use: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new UsageError(
      `'${source}' must be a run folder, but its results.json is damaged or of another version (${error.message}): name the folder of another run, or run it again`,
      { cause: error },
    );
  }
}
