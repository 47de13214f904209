import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../../theory/errors.js';
import type { TrainResult } from '../../figures/trainResult.js';
import { renderExplorer } from './renderExplorer.js';

export interface ExplorerServer {
  /** http://127.0.0.1:port/ */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/**
 * Serves the explorer on the loopback interface alone: nobody but this machine can reach it, and only under a loopback
 * name, so that no foreign page can read it by pointing its own name here. `port` 0 takes a free one.
 * @throws UsageError when the port is out of range or taken
 */
export async function serveExplorer(
  options: { readonly port?: number; readonly training?: TrainResult | undefined } = {},
): Promise<ExplorerServer> {
  const { port = 0, training } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new UsageError(
      `--port must be a whole number from 0 to 65535, got ${port}. Leave it out to take a free port.`,
    );
  const page = renderExplorer(training);
  const server = createServer((request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const path = (request.url ?? '/').split('?')[0];
    if (host !== loopback && host !== 'localhost')
      response.writeHead(403, { 'content-type': 'text/plain' }).end('only on loopback\n');
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    else if (path !== '/') response.writeHead(404, { 'content-type': 'text/plain' }).end('not here\n');
    else
      response
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        })
        .end(request.method === 'HEAD' ? undefined : page);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (failure: NodeJS.ErrnoException) => {
      reject(
        failure.code === 'EADDRINUSE'
          ? new UsageError(`--port: port ${port} is taken. Choose another, or leave it out.`)
          : failure,
      );
    });
    server.listen(port, loopback, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${loopback}:${taken}/`,
    port: taken,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((failure) => (failure ? reject(failure) : resolve()));
      }),
  };
}
