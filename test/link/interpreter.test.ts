/** The link on the real interpreter: the same as on Node, in the same memory after whatever arrived, and over an open console. */
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DeviceLink, LinkError } from '../../sim/link/deviceLink';
import { encodeRequest } from '../../sim/link/frame';
import { openDevice } from '../../sim/link/openDevice';
import { openPort } from '../../sim/link/port';
import type { Measurement } from '../../sim/link/telemetry';
import { Random } from '../../sim/random';
import { end, startConsole, type Console } from '../device/console';
import { interpreter, onDevice } from '../device/interpreter';
import { bytesLiteral, deviceScript, printedLines } from '../service/deviceScript';
import { Device as Served } from '../service/onNode';
import { LinkedDevice } from './onNode';

let code = '';

beforeAll(async () => {
  code = await deviceScript('../link/device.ts');
});

onDevice('the link on the interpreter', () => {
  test('sends what it sends on Node', async () => {
    const served = new Served();
    const device = new LinkedDevice((line, now_ms) => ((served.now_ms = now_ms), served.serve(line)));
    const random = new Random(1, 'traffic');
    const script: string[] = [];
    const sent: string[] = [];
    const lines = [
      'version',
      'status',
      'limits',
      'help',
      'rate 300',
      'time 1790000000',
      'tighten charge_mA 1000',
      'x',
      'read 0 0',
    ];
    for (let k = 0; k < 400; k++) {
      let text = encodeRequest(1 + (k >> 1), lines[(k >> 1) % lines.length]!);
      const draw = random.uniform();
      if (draw < 0.2) text = text.slice(0, Math.floor(random.uniform() * text.length));
      else if (draw < 0.4)
        text = String.fromCharCode(...Array.from({ length: 60 }, () => random.uniform() * 256)) + text;
      script.push(`device.receive(${bytesLiteral(text)});device.run(3);`);
      device.receive(text);
      for (let tick = 0; tick < 3; tick++) {
        const line = device.tick();
        if (line !== undefined) sent.push(line);
      }
    }
    expect(await printedLines(interpreter, code + script.join('\n'))).toEqual(sent);
    expect(sent.length).toBeGreaterThan(300);
  });

  test('takes a million random bytes: no command, no limit moved, no memory taken, and it still answers', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-noise-'));
    try {
      const file = path.join(folder, 'noise');
      const random = new Random(1, 'noise');
      const bytes = Uint8Array.from({ length: 1e6 }, () => random.uniform() * 256);
      // Pieces of frames among them: marks, ends and checks.
      for (let at = 0; at < bytes.length - 40; at += 97)
        bytes.set(Buffer.from('#C1q 5 tighten charge_mA 500*123\n'.slice(at % 13)), at);
      fs.writeFileSync(file, bytes);
      const lines = await printedLines(
        interpreter,
        `${code}
device.run(3);
var first=device.report(),file=E.openFile(${JSON.stringify(file)},"r"),fed=0,said=0,piece,before=0;
function feed(until){
while(fed<until){piece=file.read(1000);fed+=piece.length;device.receive(piece);if(device.tick()!=="")said++;}
device.receive("\\n");for(var k=0;k<60;k++)if(device.tick()!=="")said++;}
feed(500000);before=device.usage();feed(1000000);
print("@"+fed);print("@"+said);print("@"+(first==device.report()));print("@"+(device.usage()-before));
device.receive(${bytesLiteral(encodeRequest(7, 'status'))});device.run(3);`,
      );
      const [fed, said, same, grown, answered] = lines;
      expect(Number(fed)).toBe(1e6);
      expect([said, same]).toEqual(['0', 'true']);
      expect(Number(grown)).toBeLessThan(8);
      expect(answered).toContain('ok idle');
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('does not grow over 20,000 ticks of telemetry and requests', async () => {
    const request = (n: number, line: string): string => bytesLiteral(encodeRequest(n, line));
    const [grown, ticks] = await printedLines(
      interpreter,
      `${code}
device.receive(${request(1, 'rate 200')});
function day(n){for(var k=0;k<n;k++){if(k%50==0)device.receive(${request(2, 'limits')});if(k%70==0)device.receive("#C1q 9 noi");device.tick();}return n;}
day(100);var before=device.usage();var n=day(20000);print("@"+(device.usage()-before));print("@"+n);`,
    );
    expect(ticks).toBe('20000');
    expect(Math.abs(Number(grown))).toBeLessThan(8);
  });
});

onDevice('a device on the other end of a TCP connection', () => {
  let folder = '';
  let child: Console | undefined;
  let server: net.Server | undefined;

  /** The interpreter with its console open, behind a port of this machine. @returns the port's name */
  async function start(program: string): Promise<string> {
    fs.writeFileSync(path.join(folder, 'program.js'), program);
    const running = (child = startConsole(folder, ['program.js']));
    server = net.createServer((socket) => {
      socket.pipe(running.stdin, { end: false });
      running.stdout.pipe(socket);
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server!.once('listening', resolve));
    return `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  }

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-link-'));
  });

  afterEach(async () => {
    await end(child);
    server?.close();
    fs.rmSync(folder, { recursive: true });
  });

  /** The device, ticking. */
  const program = (): string => `${code}
global.link=function(frame){device.receive(frame+"\\n");};
setInterval(function(){var line=device.tick();if(line!=="")print(line);},20);`;

  test('answers between prompt and echo, whatever was typed before, and sends telemetry', async () => {
    const port = await openPort(await start(program()));
    port.write('var a = (1 + [2,\n"half a line');
    await delay(300);
    const link = await DeviceLink.over(port, { timeout_ms: 1000 });
    expect(await link.request('status')).toBe('ok idle');
    const measurements: Measurement[] = [];
    link.on('measurement', (measurement) => measurements.push(measurement));
    port.write('1+1\n#C1q 5 rub');
    expect(await link.request('rate 200')).toBe('ok');
    for (let waited = 0; waited < 50 && measurements.length < 3; waited++) await delay(100);
    expect(measurements.length).toBeGreaterThanOrEqual(3);
    expect(measurements[0]).toMatchObject({ voltage_mV: 3712, current_mA: 1001 });
    expect(await Promise.all([link.request('limits'), link.request('counters')])).toEqual([
      'ok charge_mA 3000 (500 to 4000), discharge_mV 3000 (3300 to 2800)',
      'ok boots 1',
    ]);
    await link.close();
  });

  test('without firmware is told from one that is silent', async () => {
    const name = await start('print("nothing here");setInterval(function(){},1000);');
    await expect(openDevice(name, { timeout_ms: 500, attempts: 2 })).rejects.toThrow(
      /no Caldera firmware runs there; flash it first/,
    );
    const silent = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    silent.on('connection', (socket) => socket.resume());
    const opened = openDevice(`tcp://127.0.0.1:${port}`, { timeout_ms: 100, attempts: 2 });
    await expect(opened).rejects.toThrow(LinkError);
    await expect(opened).rejects.toThrow(/nothing answers/);
    silent.close();
  });
});

describe('a port', () => {
  test.each([
    ['tcp://127.0.0.1:1', /nothing can be reached at tcp:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/],
    ['tcp://nowhere', /'tcp:\/\/nowhere' is not valid; allowed: a serial port/],
    ['/dev/no-such-port', /no such file|cannot open|ENOENT|serialport/i],
  ])('%s that cannot be opened is named, with what is allowed', async (name, why) => {
    await expect(openPort(name)).rejects.toThrow(why);
  });
});
