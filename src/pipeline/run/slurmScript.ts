/** The job script of a run that Slurm draws in shards: a person reads it and submits it. */

export interface SlurmJob {
  /** Of the job and its log files. */
  readonly name: string;
  /** Words of the command line that draws a shard; `auto/n` tells it which. */
  readonly shardWords: readonly string[];
  readonly mergeWords: readonly string[];
  /** Variables of the environment that both need. */
  readonly environment: Readonly<Record<string, string>>;
  readonly shards: number;
  /** Seconds after which Slurm ends a shard, and how long before that it is told. */
  readonly seconds: number;
  readonly warningSeconds: number;
  /** Bytes of a shard, and of the merge. */
  readonly memory: number;
  readonly mergeMemory: number;
  /** Sentences on where time and memory come from. */
  readonly reasons: readonly string[];
}

export function slurmScript(job: SlurmJob): string {
  const name = job.name.replace(/[^\w.-]+/g, '-');
  const exports = Object.entries(job.environment).map(([variable, value]) => `export ${variable}=${shellWord(value)}`);
  const merge = shellWord([...exports, shellWords(job.mergeWords)].join('; '));
  const mergeLimits = `--cpus-per-task=1 --mem=${mebibytes(job.mergeMemory)} --time=00:30:00`;
  return `#!/bin/bash
${job.reasons.map((line) => `# ${line}\n`).join('')}#
# Submit it, and what joins the shards once all have ended, however they did:
#
#   draws=$(sbatch --parsable THIS_FILE)
#   sbatch --dependency=afterany:$draws ${mergeLimits} --output=${name}-merge.log --wrap ${merge}
#
# Should the merge say that shards 3,17-19 are not drawn: sbatch --array=3,17-19 THIS_FILE, and the merge again.
#
#SBATCH --job-name=${name}
#SBATCH --array=1-${job.shards}
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=${mebibytes(job.memory)}
#SBATCH --time=${timeOf(job.seconds)}
#SBATCH --requeue
#SBATCH --signal=B:USR1@${job.warningSeconds}
#SBATCH --open-mode=append
#SBATCH --output=${name}-%A_%a.log

# Every finished draw is in the run folder at once. Near the end of its time (USR1) a shard is stopped and queued again, and
# goes on where it was; so it does on another node when its own fails. A job that is cancelled (TERM) is not queued again.
again=
trap 'again=yes; kill -TERM "$shard"' USR1
trap 'kill -TERM "$shard"' TERM
${exports.map((line) => `${line}\n`).join('')}${shellWords(job.shardWords)} &
shard=$!
# A signal ends a wait, not the shard.
while kill -0 "$shard" 2>/dev/null; do wait "$shard"; done
wait "$shard"; code=$?
if [ -n "$again" ] && [ "$code" -eq 130 ]; then exec scontrol requeue "$SLURM_JOB_ID"; fi
exit "$code"
`;
}

/** In whole mebibytes. */
const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)}M`;

/** Days-hours:minutes:seconds, in whole minutes. */
function timeOf(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const two = (number: number) => String(number).padStart(2, '0');
  const days = Math.floor(minutes / 1440);
  return `${days > 0 ? `${days}-` : ''}${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}:00`;
}

const shellWords = (words: readonly string[]): string => words.map(shellWord).join(' ');

/** A word that a shell takes as it is, quoted where it must be. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
