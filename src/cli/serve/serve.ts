/** A process that answers requests, a JSON object a line, until its input ends (docs/serve.md has the protocol). */
import { UsageError } from '../../../theory/errors.js';
import { version } from '../../version.js';
import type { Command } from '../command.js';
import { callCommand, type Waiting } from './callCommand.js';
import { lawTable } from './lawTable.js';
import { readLines } from './readLines.js';
import { Refusal, refusalOf } from './refusal.js';
import type { Parameters } from './wordsOf.js';

/** Of the protocol: another where an old client would misread an answer. */
export const protocol = 1;

type Id = string | number;

interface Request {
  readonly id: Id;
  readonly method: string;
  readonly params: Parameters;
  /** That relative paths are in; this one from here on. */
  readonly folder?: string;
}

type Method = (parameters: Parameters, waiting: Waiting) => unknown;

export interface ServeStreams {
  readonly input: AsyncIterable<Buffer>;
  /** Takes a line with its end. */
  write(line: string): void;
  /** Aborted when nobody reads the answers any more. */
  readonly gone: AbortSignal;
}

/**
 * Answers one request after the other, by these commands, cancellations at once, and ends when the input has ended and all is answered, or
 * when nobody reads the answers.
 */
export async function serve(commands: readonly Command<never>[], { input, write, gone }: ServeStreams): Promise<void> {
  const methods = methodsOf(commands);
  const cancelling = new Map<Id, AbortController>();
  const send = (message: object): void => write(`${JSON.stringify(message)}\n`);
  gone.addEventListener('abort', () => cancelling.forEach((request) => request.abort()));
  const answer = async (request: Request): Promise<void> => {
    const { id } = request;
    const { signal } = cancelling.get(id)!;
    // Lets a cancellation in that came while the request before was computed.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      if (signal.aborted) throw new Refusal('interrupted', 'cancelled before it was begun');
      enter(request.folder);
      const onProgress: Waiting['onProgress'] = (progress) => send({ id, progress });
      const result = await methodNamed(methods, request.method)(request.params, {
        signal,
        onProgress,
        onLog: (log) => send({ id, log }),
      });
      send({ id, result });
    } catch (error) {
      send({ id, error: refusalOf(error) });
    } finally {
      cancelling.delete(id);
    }
  };
  let last = Promise.resolve();
  for await (const line of readLines(input)) {
    if (gone.aborted) break;
    if (typeof line === 'string' && line.trim() === '') continue;
    const request = readRequest(line, cancelling);
    if ('error' in request) send(request);
    else if (request.method === 'cancel') send({ id: request.id, result: cancel(cancelling, request.params['id']) });
    else {
      cancelling.set(request.id, new AbortController());
      last = last.then(() => answer(request));
    }
  }
  await last;
}

/** Commands that are methods: those that answer with one JSON object. */
const called = ['ratio', 'compare', 'sample', 'check', 'head', 'blocks'] as const;

function methodsOf(commands: readonly Command<never>[]): Readonly<Record<string, Method>> {
  const command =
    (name: string) =>
    (parameters: Parameters, waiting: Waiting): Promise<unknown> =>
      callCommand(commands, name, parameters, waiting);
  const laws = lawTable(command('law'));
  const methods: Record<string, Method> = { hello, law: laws.make, evaluate: laws.evaluate, forget: laws.forget };
  for (const name of called) methods[name] = command(name);
  return methods;

  function hello({ protocol: spoken }: Parameters): object {
    if (spoken !== protocol)
      throw new UsageError(
        `hello: limitlaw ${version} speaks protocol ${protocol}, asked for ${JSON.stringify(spoken)}: take the client and the program of one release`,
      );
    return { name: 'limitlaw', version, protocol, methods: [...Object.keys(methods), 'cancel'] };
  }
}

function methodNamed(methods: Readonly<Record<string, Method>>, name: string): Method {
  if (!Object.hasOwn(methods, name))
    throw new UsageError(`there is no method '${name}': there are ${Object.keys(methods).join(', ')} and cancel`);
  return methods[name]!;
}

function readRequest(
  line: string | Error,
  waiting: ReadonlyMap<Id, unknown>,
): Request | { id: unknown; error: object } {
  let id: unknown = null;
  try {
    if (line instanceof Error) throw line;
    const { method, params = {}, folder, ...rest } = parsed(line);
    id = rest['id'] ?? null;
    if (typeof id !== 'string' && typeof id !== 'number')
      throw new UsageError('a request must have an id, text or a number that no unanswered request has');
    if (waiting.has(id)) throw new UsageError('the id must be one that no unanswered request has');
    if (typeof method !== 'string') throw new UsageError('a request must name its method, as text');
    if (typeof params !== 'object' || params === null || Array.isArray(params))
      throw new UsageError('params must be an object');
    if (folder !== undefined && typeof folder !== 'string') throw new UsageError('folder must be a path');
    return { id, method, params: params as Parameters, ...(folder === undefined ? {} : { folder }) };
  } catch (error) {
    return { id, error: refusalOf(error) };
  }
}

function parsed(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new UsageError('a request must be one JSON object on a line: {"id": 1, "method": "ratio", "params": {…}}');
}

function cancel(cancelling: ReadonlyMap<Id, AbortController>, id: unknown): object {
  const request = cancelling.get(id as Id);
  request?.abort();
  return { cancelled: request !== undefined };
}

function enter(folder: string | undefined): void {
  if (folder === undefined || folder === process.cwd()) return;
  try {
    process.chdir(folder);
  } catch {
    throw new UsageError(`folder must be one that can be entered, got '${folder}'`);
  }
}
