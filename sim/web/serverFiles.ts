/** The built page, held in memory: what was not read at the start cannot be asked for. */
import * as fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export const contentType = (name: string): string =>
  TYPES[path.extname(name).toLowerCase()] ?? 'application/octet-stream';

interface PageFile {
  type: string;
  body: Buffer;
  /** Undefined where it would not be smaller. */
  gzipped: Buffer | undefined;
}

/** By path in the address, such as `/assets/main-1a2b.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** @param says goes into the head of `index.html`, by which the page knows that it has a server and what that can do */
export function readPage(folder: string, says: string): PageFiles {
  const files = new Map<string, PageFile>();
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const url = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    let body = fs.readFileSync(file);
    if (url === '/index.html')
      body = Buffer.from(body.toString().replace('</head>', `<meta name="caldera-server" content="${says}"></head>`));
    const gzipped = gzipSync(body);
    files.set(url, {
      type: contentType(file),
      body,
      gzipped: gzipped.length < 0.9 * body.length ? gzipped : undefined,
    });
  }
  return files;
}

/** @returns whether there is such a file */
export function servePageFile(
  files: PageFiles,
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const file = files.get(url === '/' ? '/index.html' : url);
  if (file === undefined) return false;
  const { type, body, gzipped } = file;
  const zip = gzipped !== undefined && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const content = zip ? gzipped : body;
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': content.length,
    // The build puts a digest into these names.
    'Cache-Control': url.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    Vary: 'Accept-Encoding',
    ...(zip && { 'Content-Encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : content);
  return true;
}
