import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quickStudy } from '../../../sim/study/steering/design';
import { fingerprint, SOURCES } from '../../../sim/study/steering/fingerprint';
import { steeringJobs } from '../../../sim/study/steering/jobs';
import { runTask } from '../../../sim/study/steering/runTask';
import { keyOf, Store } from '../../../sim/study/steering/store';
import { type Job, runJobs } from '../../../sim/study/steering/study';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'steering-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('the store', () => {
  it('keeps results over a restart, and drops a line that was cut short', () => {
    const store = new Store(join(folder, 'new'));
    store.add('a', 'first', { value: 1 });
    store.add('b', 'second', { value: 2 });
    const file = join(folder, 'new', 'results.jsonl');
    appendFileSync(file, '{"key":"c","res');
    const again = new Store(join(folder, 'new'));
    expect(again.get('a')).toEqual({ value: 1 });
    expect(again.has('c')).toBe(false);
    again.add('c', 'third', { value: 3 });
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
    expect(new Store(join(folder, 'new')).get('c')).toEqual({ value: 3 });
  });

  it('knows work by what it is and by what it is done with', () => {
    const task = { loop: 'constants', seed: 1 };
    expect(keyOf(task, 'v1')).toBe(keyOf({ ...task }, 'v1'));
    expect(keyOf(task, 'v1')).not.toBe(keyOf(task, 'v2'));
    expect(keyOf(task, 'v1')).not.toBe(keyOf({ ...task, seed: 2 }, 'v1'));
  });

  it('takes the sources for a version', () => {
    expect(fingerprint(SOURCES.cell)).toBe(fingerprint(SOURCES.cell));
    expect(fingerprint(SOURCES.cell)).not.toBe(fingerprint(SOURCES.firmware));
    expect(fingerprint(['no/such/place'])).toBe(fingerprint([]));
  });
});

describe('jobs', () => {
  const few = quickStudy()
    .filter(({ loop, scenario }) => loop === 'constants' && scenario.group === 'nominal')
    .slice(0, 2);

  it('each have a key and a name of their own', () => {
    const jobs = steeringJobs(quickStudy());
    expect(new Set(jobs.map(({ key }) => key)).size).toBe(jobs.length);
    expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length);
  });

  it('are done on threads as they are here, and not again', async () => {
    const [first, second] = steeringJobs(few) as [Job, Job];
    const store = new Store(folder);
    store.add(first.key, first.name, 'done before');
    const texts: string[] = [];
    expect(await runJobs([first, second], store, (_, text) => void texts.push(text))).toBe(0);
    expect(texts).toEqual(['1 of 1 runs']);
    expect(new Store(folder).get(first.key)).toBe('done before');
    expect(new Store(folder).get(second.key)).toEqual(JSON.parse(JSON.stringify(runTask(few[1]!))));
  });

  it('that are stopped are left for the next time', async () => {
    const stop = new AbortController();
    const store = new Store(folder);
    const running = runJobs(steeringJobs(few), store, undefined, stop.signal);
    stop.abort();
    expect(await running).toBe(2);
    expect(await runJobs(steeringJobs(few), store, undefined, stop.signal)).toBe(2);
    expect(store.has(steeringJobs(few)[0]!.key)).toBe(false);
  });
});
