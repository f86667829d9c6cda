/**
 * The packets of MQTT 3.1.1 (OASIS standard, sections 2 and 3) that a publisher of QoS 0 needs, as text of which each character is a
 * byte. There is no SUBSCRIBE: a broker has nothing to send, and nothing that it sends is more than looked at.
 */

const CONNECT = 0x10;
const PUBLISH = 0x30;
/** Section 3.1.2.3: begin anew, nothing is kept for the device. */
const CLEAN = 0x02;
const HAS_SECRET = 0x40;
const HAS_USER = 0x80;
const MOST_BYTES = 16383;

/** Asks for a sign of life. */
export const PING = '\xc0\x00';

/**
 * Asks the broker for a connection, clean of what was before.
 * @param id of this client
 * @param user empty: none; then `secret` is none either
 * @param keepAlive_s the broker gives up after one and a half times this
 */
export function connectPacket(id: string, user: string, secret: string, keepAlive_s: number): string {
  const flags = CLEAN + (user === '' ? 0 : HAS_USER + HAS_SECRET);
  return packet(
    CONNECT,
    field('MQTT') +
      String.fromCharCode(4, flags, keepAlive_s >> 8, keepAlive_s & 255) +
      field(id) +
      (user === '' ? '' : field(user) + field(secret)),
  );
}

/** Not retained. @throws for more than 16,383 bytes */
export function publishPacket(topic: string, text: string): string {
  return packet(PUBLISH, field(topic) + text);
}

/** Kind, remaining length in one or two groups of seven bits (section 2.2.3), content. */
function packet(kind: number, content: string): string {
  const length = content.length;
  if (length > MOST_BYTES) throw new Error('MQTT packet has ' + length + ' bytes; allowed: ' + MOST_BYTES);
  return (
    (length < 128 ? String.fromCharCode(kind, length) : String.fromCharCode(kind, (length & 127) | 128, length >> 7)) +
    content
  );
}

/** A text with its length before it (section 1.5.3). */
function field(text: string): string {
  return String.fromCharCode(text.length >> 8, text.length & 255) + text;
}
