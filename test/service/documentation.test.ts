import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { Device, KEY } from './onNode';

const page = readFileSync(path.join(__dirname, '../../docs/authorisation.md'), 'utf8');

/** The text of the fenced block between the marks of that name. */
function block(name: string): string {
  const [, text] =
    new RegExp(`<!-- ${name} -->\n\n\`\`\`\\w+\n([^]*?)\n\`\`\`\n\n<!-- end of ${name} -->`).exec(page) ?? [];
  return text ?? `docs/authorisation.md has no block ${name}`;
}

/** What is said, lines of the host with `> ` before them. */
function conversation(): string[] {
  const device = new Device();
  const said: string[] = [];
  const say = (line: string): string => {
    const answer = device.serve(line);
    said.push(`> ${line}`, answer);
    return answer;
  };
  const command = 'widen charge_mA 4000';
  say(`key ${KEY}`);
  say(command);
  const [, name, number, nonce] = say(`challenge ${command}`).split(' ');
  // By the words of the page, not by the program that is tested.
  const mac = createHmac('sha256', Buffer.from(KEY, 'hex'))
    .update(`do ${name} ${number} ${nonce} ${command}`)
    .digest('hex');
  say(`do ${number}-${mac} ${command}`);
  say(`do ${number}-${mac} ${command}`);
  return said;
}

test('the example is what a device says', () => {
  expect(block('example').split('\n')).toEqual(conversation());
});

test('openssl is given the text and the key of the example', () => {
  const [, , , , asked, challenge] = conversation();
  const text = `do ${challenge!.slice('ok '.length)} ${asked!.slice('> challenge '.length)}`;
  expect(block('openssl')).toBe(`printf '%s' '${text}' |\n  openssl dgst -sha256 -mac HMAC -macopt hexkey:${KEY}`);
});

test('every command is on the page', () => {
  const help = new Device().serve('help');
  for (const command of help.slice('ok '.length).replace('; with a challenge:', '').split(' '))
    expect(page).toMatch(new RegExp(`\`${command}[ \`]`));
});
