/** Commands that take the board's commissioning key. Without it the page only reads. */
import { AUTHORISED } from '../../../../firmware/service/serve';
import { h } from '../dom';
import { authorise } from './authorise';
import { connection } from './connection';

export function createCommands(onDone: () => void): HTMLElement {
  // It is in this field only: not stored, and not sent.
  const key = h('input', { type: 'password', autocomplete: 'off', spellcheck: 'false', id: 'live-key' });
  const command = h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', list: 'live-words' });
  const answer = h('output', {});

  async function give(): Promise<void> {
    const [hex, text] = [key.value.trim(), command.value.trim()];
    const wrong = refusal(hex, text);
    if (wrong !== undefined) return void (answer.textContent = wrong);
    answer.textContent = 'asking the board ...';
    try {
      answer.textContent = await authorise((line) => connection.source!.request(line), text, hex);
      onDone();
    } catch (error) {
      answer.textContent = (error as Error).message;
    }
  }

  return h(
    'details',
    { class: 'card' },
    h('summary', {}, h('h2', {}, 'Commands that take the key')),
    h(
      'p',
      {},
      'This page only reads. What makes a board less careful takes its commissioning key: 64 hexadecimal digits. The key stays in ' +
        'this page; the board is given a response to its challenge, and judges it.',
    ),
    h(
      'form',
      { class: 'controls', onsubmit: (event) => (event.preventDefault(), void give()) },
      h('label', { class: 'field' }, h('span', {}, 'Commissioning key'), key),
      h('label', { class: 'field' }, h('span', {}, 'Command, such as release imbalance'), command),
      h('datalist', { id: 'live-words' }, ...AUTHORISED.split(' ').map((word) => h('option', { value: word }))),
      h('button', { class: 'button' }, 'Give the command'),
    ),
    h('p', { 'aria-live': 'polite' }, answer),
  );
}

function refusal(key: string, command: string): string | undefined {
  if (connection.source === undefined) return 'Connect a board first.';
  if (!/^[0-9a-f]{64}$/i.test(key)) return 'The key has 64 hexadecimal digits (0 to 9, a to f).';
  if (!AUTHORISED.split(' ').includes(command.split(' ')[0]!)) return `A command begins with one of: ${AUTHORISED}.`;
  if (!globalThis.crypto?.subtle)
    return 'This address is not secure, so the browser has no cryptography: use https, or 127.0.0.1 by caldera dashboard.';
  return undefined;
}
