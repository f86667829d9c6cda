/**
 * `caldera dashboard`: the page, the results in a folder, and a board, for browsers of this machine.
 *
 * Only this machine is served. Other pages that are open in the browser get nothing: a command takes a header that they cannot set, and
 * a name of their own that leads here is refused.
 */
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '../errors';
import { openPort } from '../link/port';
import { LiveSource } from './liveSource';
import { BoardServer, serveCommand } from './serverBoard';
import { readPage, servePageFile } from './serverFiles';
import { pageFolder } from './serverPage';
import { checkResults, listResults, serveResultFile } from './serverResults';

export interface DashboardOptions {
  /** TCP port of this machine, 0 to 65535; 0: any that is free. */
  listen: number;
  /** A board: `tcp://host:port` or a serial port. */
  port?: string | undefined;
  /** A folder with result folders. */
  results?: string | undefined;
  /** Of the built page. Default: where the build puts it; made when it is missing. */
  page?: string | undefined;
}

export interface Dashboard {
  /** Such as `http://127.0.0.1:8080/`. */
  address: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** What the page asks for comes from here and nowhere else; its workers too. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
/** A page of another origin cannot set it without being asked first, and nobody answers that here. */
const OWN_HEADER = 'x-caldera';

/**
 * Serves until it is closed.
 * @throws InputError when the TCP port is taken, the board's port cannot be opened, or there is no such folder
 */
export async function openDashboard({ listen, port, results, page }: DashboardOptions): Promise<Dashboard> {
  if (results !== undefined) checkResults(results);
  const says = [port === undefined ? '' : 'board', results === undefined ? '' : 'results'].join(' ').trim();
  const files = readPage(page ?? (await pageFolder()), says);
  const board = port === undefined ? undefined : await watchBoard(port);

  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<boolean> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', `http://${HOST}`);
    if (request.method === 'POST') {
      if (board === undefined || pathname !== '/api/command' || request.headers[OWN_HEADER] === undefined) return false;
      await serveCommand(board.source, request, response);
      return true;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    if (board !== undefined && pathname === '/api/board') {
      board.server.stream(response, searchParams.get('after'));
      return true;
    }
    if (results !== undefined && pathname === '/api/results') {
      response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
      response.end(JSON.stringify(listResults(results)));
      return true;
    }
    const [, name, file] = /^\/api\/results\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
    if (results !== undefined && file !== undefined)
      return serveResultFile(results, decodeURIComponent(name!), decodeURIComponent(file), response);
    return servePageFile(files, decodeURIComponent(pathname), request, response);
  };

  const server = http.createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const refuse = (status: number, text: string): void => {
      if (response.headersSent) response.destroy();
      else response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    };
    if (!isThisMachine(request.headers.host)) return refuse(403, `ask for ${HOST} or localhost`);
    answer(request, response).then(
      (found) => found || refuse(404, 'there is no such thing here'),
      () => refuse(400, 'this request cannot be understood'),
    );
  });
  try {
    await listenOn(server, listen);
  } catch (error) {
    await board?.close();
    throw error;
  }
  return {
    address: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      await board?.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface WatchedBoard {
  source: LiveSource;
  server: BoardServer;
  close(): Promise<void>;
}

/** @throws InputError when the port cannot be opened now; later it may go and come back */
async function watchBoard(port: string): Promise<WatchedBoard> {
  const server = new BoardServer();
  const stop = new AbortController();
  try {
    let first: Awaited<ReturnType<typeof openPort>> | undefined = await openPort(port);
    const source = new LiveSource(
      () => {
        const opened = first === undefined ? openPort(port) : Promise.resolve(first);
        first = undefined;
        return opened;
      },
      (entry) => server.hear(entry),
    );
    const watching = source.run(stop.signal);
    return {
      source,
      server,
      close: async () => {
        stop.abort();
        server.close();
        await watching;
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

function isThisMachine(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? '');
}

function listenOn(server: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = { EADDRINUSE: 'another program listens there', EACCES: 'permission denied' }[error.code ?? ''];
      reject(new InputError(`--listen: ${port}: ${why ?? error.message}; allowed: a port that is free, 0 for any`));
    });
    server.listen(port, HOST, resolve);
  });
}
