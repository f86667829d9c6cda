import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = path.resolve(__dirname, '../..');
let directory: string;
beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-process-'))));
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

function start(args: readonly string[], more: Record<string, string> = {}) {
  const program = ['-r', 'ts-node/register', 'sim/cli/main.ts', ...args];
  const child = spawn(process.execPath, program, { cwd: root, env: { ...process.env, ...more } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

describe('the program as a process', () => {
  it('refuses an unknown cell with one line, exit 2 and no stack', async () => {
    const { code, stdout, stderr } = await start(['simulate', '--cell', 'nonesuch', '--out', path.join(directory, 'r')])
      .ended;
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^caldera: error: [^\n]*nonesuch[^\n]*allowed: afl-l1[^\n]*\n$/);
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('prints nothing but JSON with --json when piped', async () => {
    const { code, stdout, stderr } = await start(['simulate', '--direct', '--cycles', '2', '--json']).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ cell: 'afl-l1', cycles: [{ n: 1, rate_C: 1 }, { n: 2 }] });
  });

  it('started by npm from the sources, takes paths from where it was typed, its threads too', async () => {
    const own = { basedOn: 'afl-l1', name: 'own', title: 'Own', source: 'test' };
    fs.writeFileSync(path.join(directory, 'own.json'), JSON.stringify(own));
    const args = ['volcano', '--cell', 'own.json', '--rates', '1,2', '--strategies', 'fixed', '--cycles', '1'];
    const typedThere = { npm_lifecycle_event: 'caldera', INIT_CWD: directory };
    const { code, stderr } = await start([...args, '--direct', '--out', 'r'], typedThere).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(fs.readdirSync(path.join(directory, 'r'))).toContain('volcano.csv');
  });

  it('does not mind a reader that stops reading', async () => {
    const { child, ended } = start(['cells', 'show', 'afl-l1', '--json']);
    child.stdout.destroy();
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('keeps the finished cycles at Ctrl-C and exits 130', async () => {
    const out = path.join(directory, 'r');
    const { child, ended } = start(['simulate', '--direct', '--cycles', '100000', '--out', out]);
    await until(() => staged(out) > 0);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopped after \d+ of 100000 cycles/);
    const config = JSON.parse(fs.readFileSync(path.join(out, 'config.json'), 'utf8'));
    expect(config.interrupted).toBe(true);
    expect(fs.readdirSync(out).sort()).toEqual([...config.files].sort());
    const { cycles } = JSON.parse(fs.readFileSync(path.join(out, 'result.json'), 'utf8'));
    expect(cycles.length).toBeGreaterThan(0);
  });
});

/** Bytes of the time series that is being written; its first 64 kB hold several cycles. */
function staged(out: string): number {
  const staging = fs.existsSync(out) ? fs.readdirSync(out).find((name) => name.startsWith('.writing-')) : undefined;
  const file = path.join(out, staging ?? '', 'timeseries.bdf.csv');
  return staging !== undefined && fs.existsSync(file) ? fs.statSync(file).size : 0;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
