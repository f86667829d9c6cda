/** A device behind a TCP port of this machine: link, service, records; a tick of 100 ms passes every few milliseconds. */
import { createHash } from 'node:crypto';
import * as net from 'node:net';
import { crc32 } from 'node:zlib';
import type { Bytes } from '../../hal/bus';
import { readLogPage } from '../../firmware/link/logPages';
import { addPiece, closeUpload, openUpload } from '../../firmware/link/upload';
import { eraseAhead } from '../../firmware/record/erase';
import type { Records } from '../../firmware/record/layout';
import { openRecords } from '../../firmware/record/open';
import { NorFlash } from '../../sim/chips/flash';
import { Random } from '../../sim/random';
import { Device as Served } from '../service/onNode';
import { LinkedDevice } from './onNode';

const TICK_MS = 5;

export class DeviceServer {
  readonly served = Served.commissioned();
  readonly device = new LinkedDevice((line, now_ms) => ((this.served.now_ms = now_ms), this.served.serve(line)));
  readonly records: Records;
  /** The configuration that was applied last. */
  applied: string | undefined;
  /** Stops ticking, as a board does that hangs. */
  hangs = false;
  name = '';
  private file = '';
  private readonly sockets = new Set<net.Socket>();
  private readonly server: net.Server;
  private readonly timer: NodeJS.Timeout;

  /** @param tick_ms in which a tick of 100 ms passes */
  constructor(tick_ms = TICK_MS) {
    const flash = new NorFlash(0, 4096, 16, new Random(1, 'flash'));
    const checksum = (bytes: Bytes): number => crc32(Uint8Array.from(bytes as ArrayLike<number>));
    this.records = openRecords({ flash, begin: 0, pageBytes: 4096, pages: 16 }, checksum);
    while (eraseAhead(this.records));
    this.wire();
    this.server = net.createServer((socket) => {
      this.sockets.add(socket);
      socket.on('data', (bytes: Buffer) => this.device.receive(bytes.toString('latin1')));
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    this.timer = setInterval(() => this.tick(), tick_ms);
  }

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await new Promise((resolve) => this.server.once('listening', resolve));
    this.name = `tcp://127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
    return this;
  }

  send(text: string): void {
    for (const socket of this.sockets) socket.write(Buffer.from(text, 'latin1'));
  }

  /** Pulls the plug. */
  disconnect(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    clearInterval(this.timer);
    this.disconnect();
    this.server.close();
  }

  private tick(): void {
    if (this.hangs) return;
    const line = this.device.tick();
    // As an open console prints it.
    if (line !== undefined) this.send(`\r\u001b[J${line}\r\n>`);
  }

  private wire(): void {
    const { target } = this.served.fake;
    const { link } = this.device;
    target.readLog = (page, offset) =>
      readLogPage(this.records, page, offset, (bytes) =>
        Buffer.from(Uint8Array.from(bytes as ArrayLike<number>)).toString('base64'),
      );
    target.upload = (length, hash) => openUpload(link, length, hash);
    target.piece = (offset, base64) =>
      addPiece(link, offset, Buffer.from(base64, 'base64').toString('latin1'), (_, text, at) => {
        this.file = this.file.slice(0, at) + text;
        return true;
      });
    target.apply = () => {
      const why = closeUpload(link, this.file, (text) => createHash('sha256').update(text, 'latin1').digest('hex'));
      if (why === '') this.applied = this.file;
      return why;
    };
  }
}
