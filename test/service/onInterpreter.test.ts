/** The service on the real interpreter gives the same answers as on Node, whatever is sent. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpreter, onDevice } from '../device/interpreter';
import { bytesLiteral, deviceScript, printedLines } from './deviceScript';
import { Device, KEY, OTHER_KEY, RANDOM, respondTo } from './onNode';

/** A life of a device on Node: what was sent when, and what it answered. */
function life(): { script: string; answers: string[] } {
  const device = new Device();
  const script: string[] = [`device.boot(${RANDOM},${device.now_ms});`];
  const answers: string[] = [];
  const send = (line: string): string => {
    script.push(`print('@'+device.line(${device.now_ms},${bytesLiteral(line)}));`);
    const answer = device.serve(line);
    answers.push(answer);
    return answer;
  };
  const authorise = (command: string, key = KEY): void => {
    const challenge = send(`challenge ${command}`);
    if (challenge.startsWith('ok')) send(respondTo(challenge, command, key));
  };
  const reset = (): void => {
    script.push(`print('@'+device.did());`);
    answers.push(device.fake.did.join('|'));
    device.reset();
    script.push(`device.boot(${RANDOM},${device.now_ms});`);
  };

  for (const line of ['help', 'status', 'limits', 'challenge ship', `key ${KEY.slice(1)}`, `key ${KEY}`]) send(line);
  for (const command of ['release X', 'widen charge_mA 3777', 'calibrate current 1000250 -120', 'configure {"a":1}'])
    authorise(command);
  device.now_ms = 3e9;
  authorise('ship');
  for (let k = 0; k < 4; k++) authorise('wake', OTHER_KEY);
  reset();
  authorise('ship');
  device.now_ms += 10_000;
  authorise(`key ${OTHER_KEY}`);
  authorise('factory-reset', OTHER_KEY);
  send('status');
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  for (const line of fc.sample(fc.string({ unit: byte, maxLength: 60 }), { numRuns: 150, seed: 1 })) send(line);
  const number = fc.oneof(
    fc.integer().map(String),
    fc.constantFrom('-0', '1e3', '0x1', '99999999999999999999', ' 1', ''),
  );
  const limit = fc.tuple(fc.constantFrom('charge_mA', 'discharge_mV', 'x'), fc.oneof(number, fc.nat(4000).map(String)));
  for (const [name, value] of fc.sample(limit, { numRuns: 100, seed: 2 })) send(`tighten ${name} ${value}`);
  reset();
  return { script: script.join('\n'), answers };
}

onDevice('the service on the interpreter', () => {
  test('answers, does and refuses what it does on Node', async () => {
    const { script, answers } = life();
    const printed = await printedLines(interpreter, (await deviceScript('device.ts')) + script);
    expect(printed).toEqual(answers);
    expect(answers.filter((answer) => answer === 'ok').length).toBeGreaterThan(3);
  });
});
