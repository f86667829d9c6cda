/** As datasheets write addresses and identities: `0x60`. */
export function hex(value: number): string {
  return '0x' + value.toString(16);
}
