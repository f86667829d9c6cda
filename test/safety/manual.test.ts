import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { check as isFormatted, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { Action, Fault, Release } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { FAULT_TABLE } from '../../firmware/protect/table';
import { packageFolder } from '../../sim/build/build';
import { manual, manualPictures } from '../../sim/safety/manual';
import { duties, flightTables } from '../../sim/safety/manualPolicy';
import { SUBJECTS } from '../../sim/safety/manualSubjects';
import { protectionTests, testsOf } from '../../sim/safety/manualTests';
import { anchor } from '../../sim/safety/manualText';
import { isWhole, texts } from '../picture/drawn';

const PAGE = join(packageFolder(), 'docs/safety.md');
const text = manual();
const pictures = manualPictures();

/** What stands between a heading and the next of its kind. */
function section(heading: string): string {
  const level = heading.slice(0, heading.indexOf(' ') + 1);
  const [, after] = text.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`the manual has no heading "${heading}"`);
  return after.split(`\n${level}`)[0]!;
}

describe('docs/safety.md', () => {
  it('is what the generator makes (npm run faults:table)', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(text);
  });

  it.each(Object.keys(pictures))('has its picture %s as the generator draws it', (name) => {
    expect(isWhole(pictures[name]!)).toBe(true);
    expect(readFileSync(join(dirname(PAGE), 'pictures', name), 'utf8')).toBe(pictures[name]);
    expect(text).toContain(`](pictures/${name})`);
  });

  it('is formatted as all pages are', async () => {
    expect(await isFormatted(text, { ...(await resolveConfig(PAGE)), filepath: PAGE })).toBe(true);
  });

  it('leads nowhere that is not there', () => {
    const anchors = new Set([...text.matchAll(/^#+ (.*)$/gm)].map((heading) => anchor(heading[1]!)));
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((link) => link[1]!);
    expect(links.length).toBeGreaterThan(FAULT_TABLE.length);
    const broken = links.filter((link) => {
      const [file, place] = link.split('#');
      if (file === '') return !anchors.has(place!);
      return !existsSync(resolve(dirname(PAGE), file!));
    });
    expect([...new Set(broken)]).toEqual([]);
  });

  it('has one heading for each place that is led to', () => {
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map((heading) => anchor(heading[1]!));
    expect(anchors.filter((one, k) => anchors.indexOf(one) !== k)).toEqual([]);
  });
});

describe('every row of the fault table', () => {
  it('belongs to one subject', () => {
    const told = SUBJECTS.flatMap(({ rows }) => rows.map(({ fault }) => fault));
    expect([...told].sort((a, b) => a - b)).toEqual(FAULT_TABLE.map(({ fault }) => fault));
  });

  it('belongs to one class of what is done in flight', () => {
    const told = flightTables();
    for (const { name } of FAULT_TABLE) expect(told.split(`| [${name}](`)).toHaveLength(2);
    const cut = told.split('### ').find((one) => one.startsWith('Cuts the power'))!;
    for (const { name, flight } of FAULT_TABLE)
      expect(cut.includes(`[${name}](`), name).toBe(flight.action === Action.Open);
  });

  it.each(FAULT_TABLE.map((row) => [row.name, row] as const))(
    '%s has a card with all that is known of it',
    (name, row) => {
      const card = section(`#### ${name}`);
      expect(row.effect).not.toBe('');
      expect(row.causes).not.toBe('');
      for (const said of [`Fault ${row.fault}.`, `Severity ${row.severity}:`, row.effect, row.causes, row.duty])
        expect(card).toContain(said);
      expect(card.toLowerCase()).toContain(row.watched.toLowerCase());
      if (typeof row.trip === 'string') expect(card).toContain(`(\`${row.trip}\`)`);
    },
  );

  it.each(FAULT_TABLE.map((row) => [row.name, row] as const))('%s has a way back, under both policies', (name, row) => {
    const [, way] = /\*\*Way back:\*\* (.*)\n/.exec(section(`#### ${name}`))!;
    const words = {
      [Release.Auto]: 'by itself',
      [Release.Service]: `\`release ${name}\``,
      [Release.Restart]: 'new start',
    };
    for (const { release } of [row.cycler, row.flight]) expect(way!.toLowerCase()).toContain(words[release]);
    // The command takes the name that the device shows.
    expect(faultName(row.fault)).toBe(name);
  });

  it('has a test in which it is seen to trip', () => {
    const tests = protectionTests();
    expect(FAULT_TABLE.filter((row) => testsOf(row, tests).length === 0).map(({ fault }) => Fault[fault])).toEqual([]);
  });

  it('has its duty among those of the builder, each told once', () => {
    const lines = duties().split('\n');
    for (const { name, duty } of FAULT_TABLE)
      expect(lines.filter((line) => line.includes(`[${name}](`)).map((line) => line.split('**')[1])).toEqual(
        duty === '' ? [] : [duty],
      );
    expect(new Set(lines).size).toBe(lines.length);
  });
});

it('the picture of the reactions names every row', () => {
  const named = texts(pictures['safety-reactions.svg']!);
  for (const { name } of FAULT_TABLE) expect(named).toContain(name);
});
