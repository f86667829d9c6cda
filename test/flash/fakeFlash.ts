/** Flash files as the loader sees them, in memory. */
import { MANIFEST, Mark, type Files } from '../../firmware/loader/slots';
import { createManifest, crcOf } from '../../sim/flash/deviceFiles';

export class FakeFlash implements Files {
  readonly files = new Map<string, string>();
  readonly crc32 = crcOf;

  read(name: string): string | undefined {
    return this.files.get(name);
  }

  write(name: string, text: string): boolean {
    this.files.set(name, text);
    return true;
  }

  erase(name: string): void {
    this.files.delete(name);
  }

  set(name: string, offset: number): void {
    const text = this.files.get(name);
    // As flash does: only what is erased can be written.
    if (text?.charCodeAt(offset) !== 0xff) throw new Error(`byte ${offset} of ${name} is not erased`);
    this.files.set(name, `${text.slice(0, offset)}1${text.slice(offset + 1)}`);
  }

  /** Fills a slot as an upload does. */
  fill(prefix: string, order: number, marks: readonly Mark[] = []): void {
    const files = { main: `program ${order}`, boot: `part of ${order}` };
    for (const [name, text] of Object.entries(files)) this.files.set(prefix + name, text);
    const name = prefix + MANIFEST;
    this.files.set(name, createManifest(order, `cycler 0.0.${order}`, files).text + '\xff'.repeat(Mark.length));
    for (const mark of marks) this.set(name, this.files.get(name)!.length - Mark.length + mark);
  }
}
