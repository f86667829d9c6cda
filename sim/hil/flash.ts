import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { crc32 } from 'node:zlib';

/** The Linux interpreter keeps its flash memory in this file of its working directory. */
const FLASH_FILE = 'espruino.flash';
const STORE_TIMEOUT_MS = 20_000;
const NAME_MAX = 28;

/**
 * Erases the flash memory of an interpreter and saves files in its Storage, by the interpreter itself. Checks what was stored
 * twice: the interpreter's own CRC-32 of each file, and the bytes found in the flash file.
 * @throws when the interpreter does not run, or the stored bytes are not those of a file
 */
export async function saveToFlash(
  interpreter: string,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const names = Object.keys(files);
  for (const [index, name] of names.entries()) {
    if (name.length > NAME_MAX) throw new Error(`Storage name "${name}" is longer than ${NAME_MAX} characters`);
    fs.writeFileSync(path.join(folder, `file${index}`), files[name] as string, 'latin1');
  }
  const script = `
var s=require("Storage");s.eraseAll();
${JSON.stringify(names)}.forEach(function(name,i){
  s.write(name,require("fs").readFileSync("file"+i));
  print("stored "+i+" "+E.CRC32(s.read(name)));});`;
  fs.writeFileSync(path.join(folder, 'store.js'), script);
  const said = await runScript(interpreter, folder, 'store.js');

  const flashFile = path.join(folder, FLASH_FILE);
  const flash = fs.existsSync(flashFile) ? fs.readFileSync(flashFile) : Buffer.alloc(0);
  for (const [index, name] of names.entries()) {
    const bytes = Buffer.from(files[name] as string, 'latin1');
    if (!said.includes(`stored ${index} ${crc32(bytes)}`) || !flash.includes(bytes))
      throw new Error(
        `${name} is not in the interpreter's flash as it was sent; it said: ${said.trim().slice(-400) || 'nothing'}`,
      );
    fs.rmSync(path.join(folder, `file${index}`));
  }
}

/** Runs a script to its end. Its input stays open: at the end of input the Linux interpreter reads random characters. */
function runScript(interpreter: string, folder: string, script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(interpreter, [script], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), STORE_TIMEOUT_MS);
    child.stdout.on('data', (text: Buffer) => (said += text.toString('latin1')));
    child.stderr.on('data', (text: Buffer) => (said += text.toString('latin1')));
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`cannot run the interpreter ${interpreter}: ${error.message}`));
    });
    child.on('close', () => {
      clearTimeout(timer);
      resolve(said);
    });
  });
}
