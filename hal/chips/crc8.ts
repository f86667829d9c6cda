/**
 * CRC-8 of SMBus: polynomial x^8 + x^2 + x + 1, initial value 0, no reflection. The CRC of a byte after others is
 * `table[before ^ byte]`.
 */
export function crc8Table(): Uint8Array {
  const table = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? (crc << 1) ^ 0x107 : crc << 1;
    table[byte] = crc;
  }
  return table;
}
