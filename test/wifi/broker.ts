/** A broker of as much MQTT as a publisher needs, which keeps every packet it is sent. */
import * as net from 'node:net';

export interface Publication {
  topic: string;
  text: string;
}

export interface Client {
  id: string;
  user?: string;
  secret?: string;
  keepAlive_s: number;
}

export class Broker {
  readonly clients: Client[] = [];
  readonly publications: Publication[] = [];
  /** Packets by their kind, the upper four bits of the first byte: 1 CONNECT, 3 PUBLISH, 12 PINGREQ, 14 DISCONNECT. */
  readonly kinds: number[] = [];
  /** What it does. */
  accepts = true;
  answersPings = true;
  /** Sent to whoever connects, in place of a CONNACK. */
  greeting: Buffer | undefined;
  private readonly sockets = new Set<net.Socket>();
  private readonly server = net.createServer((socket) => this.serve(socket));
  private onPacket: (() => void) | undefined;

  async listen(port = 0): Promise<number> {
    await new Promise<void>((done) => this.server.listen(port, '127.0.0.1', done));
    return (this.server.address() as net.AddressInfo).port;
  }

  /** Ends all connections and takes no more. */
  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  send(bytes: Buffer): void {
    for (const socket of this.sockets) socket.write(bytes);
  }

  /** Resolves when the condition holds, looked at after each packet. */
  async until(condition: () => boolean, timeout_ms = 5000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`in vain; packets were ${this.kinds}`)), timeout_ms);
      this.onPacket = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.onPacket = undefined;
        resolve();
      };
    });
  }

  private serve(socket: net.Socket): void {
    this.sockets.add(socket);
    let kept = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (data) => {
      kept = Buffer.concat([kept, data]);
      for (let size = packetSize(kept); size !== undefined && size <= kept.length; size = packetSize(kept)) {
        this.take(socket, kept.subarray(0, size));
        kept = kept.subarray(size);
      }
    });
  }

  private take(socket: net.Socket, packet: Buffer): void {
    const kind = packet[0]! >> 4;
    this.kinds.push(kind);
    const body = packet.subarray(packet[1]! & 128 ? 3 : 2);
    if (kind === 1) {
      this.clients.push(clientOf(body));
      socket.write(this.greeting ?? Buffer.from([0x20, 2, 0, this.accepts ? 0 : 5]));
    } else if (kind === 3) {
      const length = body.readUInt16BE(0);
      this.publications.push({
        topic: body.subarray(2, 2 + length).toString('latin1'),
        text: body.subarray(2 + length).toString('latin1'),
      });
    } else if (kind === 12 && this.answersPings) socket.write(Buffer.from([0xd0, 0]));
    this.onPacket?.();
  }
}

/** Of a whole packet from its first bytes; undefined: not known yet. */
function packetSize(bytes: Buffer): number | undefined {
  if (bytes.length < 2 || (bytes[1]! & 128 && bytes.length < 3)) return undefined;
  return bytes[1]! & 128 ? 3 + (bytes[1]! & 127) + (bytes[2]! << 7) : 2 + bytes[1]!;
}

function clientOf(body: Buffer): Client {
  const fields: string[] = [];
  const flags = body[7]!;
  if (body.subarray(0, 7).toString('latin1') !== '\0\x04MQTT\x04') throw new Error('no MQTT 3.1.1');
  for (let at = 10; at < body.length; at += 2 + body.readUInt16BE(at))
    fields.push(body.subarray(at + 2, at + 2 + body.readUInt16BE(at)).toString('latin1'));
  const client = { id: fields[0]!, keepAlive_s: body.readUInt16BE(8) };
  return flags & 0x80 ? { ...client, user: fields[1]!, secret: fields[2]! } : client;
}
