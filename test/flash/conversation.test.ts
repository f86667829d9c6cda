import { crc32 } from 'node:zlib';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Conversation } from '../../sim/flash/conversation';

/** An interpreter at the end of a wire that does to each line what it is told to. */
function deviceBehind(...spoil: ((line: string) => string)[]) {
  const lines: string[] = [];
  let hear: (text: string) => void = () => undefined;
  const globals = {
    done: 0,
    E: { CRC32: (text: string) => crc32(text) },
    print: (text: string) => hear(`${text}\r\n`),
  };
  const device = new Conversation({
    name: 'wire',
    write: (line) => {
      lines.push(line);
      const typed = (spoil[lines.length - 1] ?? String)(line).replace('\x1b[2H\x10', '');
      if (!typed.endsWith('\n')) return;
      try {
        runInNewContext(typed, globals);
      } catch (error) {
        hear(`Uncaught ${String(error)}\r\n`);
      }
    },
    onText: (listener) => void (hear = listener),
    onClosed: () => undefined,
    close: () => Promise.resolve(),
  });
  return { device, lines, globals };
}

test('a line that a wire has spoilt does nothing, and is typed again', async () => {
  const cases = [
    (line: string) => line.replace('done++', 'done+'),
    (line: string) => line.replace('done', 'doe'),
    (line: string) => line.replace('print', 'prnt'),
    (line: string) => line.replace('\n', ''),
    (line: string) => line.replace(')(', '('),
  ];
  for (const spoil of cases) {
    const { device, lines, globals } = deviceBehind(spoil);
    expect(await device.evaluate('done++,{"a":[1,"\\"x"]}', 50)).toEqual({ a: [1, '"x'] });
    expect([globals.done, lines.length]).toEqual([1, 2]);
  }
});

test('what is spoilt every time, and what throws, is told', async () => {
  const spoil = (line: string): string => line.replace('1', '2');
  await expect(deviceBehind(spoil, spoil).device.evaluate('"1"', 50)).rejects.toThrow(
    'wire: the interpreter gives no answer',
  );
  const { device, lines } = deviceBehind();
  await expect(device.evaluate('nothing.there', 50)).rejects.toThrow(/wire: the interpreter says: ReferenceError/);
  expect(lines).toHaveLength(1);
});
