/** What the report asks the table. Every question is answered by DuckDB down to a few rows, whatever the size of the table. */
import { blockSize, MORRIS_STEP } from '../sampling/sample';
import type { About } from './about';
import { columnTypeOf } from '../design/options';
import { name, text, type Database, type Row } from './database';
import { interval95, regression, sdOf, survival, timeAt } from './statistics';

/** Groups of runs that are told apart, at most. */
const MOST_GROUPS = 24;
const CURVE_POINTS = 200;
const REASONS = 5;
const WORST = 10;
/** Points that the regression on ranks takes, evenly chosen. */
const RANKED = 50_000;
const BATCHES = 20;

export interface Spreading {
  group: string;
  n: number;
  missing: number;
  mean: number | null;
  sd: number | null;
  p5: number | null;
  median: number | null;
  p95: number | null;
}

export interface Life {
  group: string;
  n: number;
  /** Still alive at the end of their run. */
  alive: number;
  median: number | null;
  tenth: number | null;
  curve: { time: number; share: number }[];
}

export interface Comparison {
  factor: string;
  level: string;
  against: string;
  /** One combination of the rest of the grid, or over what it is a mean; empty: there is no rest. */
  among: string;
  answer: string;
  specimens: number;
  mean: number | null;
  /** Half the width of its 95 % interval. */
  within: number | null;
  better_pct: number | null;
}

export interface Influence {
  group: string;
  input: string;
  /** Of `saltelli` first-order and total index; of `morris` mu* and sigma; else the coefficient of ranks and nothing. */
  first: number | null;
  second: number | null;
  /** Half the width of the 95 % interval of each. */
  firstWithin: number | null;
  secondWithin: number | null;
}

/** Answers in the order of what one would ask for first. */
const ASKED = [
  ...['checkupLife', 'retention_pct', 'energyFirst100_Wh', 'averageCe_pct', 'missionsFlown', 'missionEnergy_Wh'],
  ...['reaction_ms', 'misfit'],
];

/** Answers that a run lacks when it ended before: those that have it are the short-lived. */
const REACHED = ['checkupLife', 'cyclesTo80', 'energyToEol_Wh'];
export const isReached = (answer: string): boolean => REACHED.includes(answer);

export const answersOf = ({ answers }: About): string[] => ASKED.filter((answer) => answers.includes(answer));

/** Runs by combination of the grid; beyond what can be shown, by its first factors only. */
export async function groupsOf(database: Database, { factors }: About): Promise<string[]> {
  for (let most = factors.length; most > 0; most--) {
    const own = factors.slice(0, most);
    const [row] = await database.query(`SELECT count(*) AS n FROM (SELECT DISTINCT ${own.map(name).join()} FROM runs)`);
    if ((row!.n as number) <= MOST_GROUPS) return own;
  }
  return [];
}

const groupSql = (factors: readonly string[]): string =>
  factors.length === 0 ? `'all'` : `concat_ws(', ', ${factors.map(valueSql).join()})`;

/** A value of a factor with its unit: words as they are, of anything else the name says it. */
function valueSql(factor: string): string {
  const value = `coalesce(${name(factor)}::VARCHAR, '-')`;
  if (columnTypeOf(factor) === 'text') return value;
  const short = `regexp_replace(${value}, '\\.0$', '')`;
  return factor === 'temperature_C' ? `${short} || ' degC'` : `${text(`${factor} `)} || ${short}`;
}

export async function countsOf(database: Database, { answers }: About) {
  const stopped = answers.includes('cyclesRun');
  const reasons = (column: string): Promise<Row[]> =>
    database.query(
      `SELECT regexp_replace(${name(column)}, '[0-9.]+', '#', 'g') AS reason, count(*) AS runs, min(run) AS example
       FROM runs WHERE ${name(column)} IS NOT NULL GROUP BY 1 ORDER BY runs DESC, reason LIMIT ${REASONS}`,
    );
  const [row] = await database.query(`SELECT count(*) AS runs, count(setAside) AS aside FROM runs`);
  return {
    runs: row!.runs as number,
    setAside: row!.aside as number,
    reasons: await reasons('setAside'),
    stopped: stopped ? await reasons('stopped') : [],
  };
}

/** Of what is reached late or never, the moments of those that reached it would say nothing of the others: they are left out. */
export async function spreadingOf(database: Database, groups: readonly string[], answer: string): Promise<Spreading[]> {
  const y = name(answer);
  const rows = await database.query(
    `SELECT ${groupSql(groups)} AS "group", count(*) AS runs, count(${y}) AS n, avg(${y}) AS mean, stddev(${y}) AS sd,
       approx_quantile(${y}, 0.05) AS p5, approx_quantile(${y}, 0.5) AS median, approx_quantile(${y}, 0.95) AS p95
     FROM runs WHERE setAside IS NULL GROUP BY 1 ORDER BY min(run)`,
  );
  return rows.map(({ runs, ...row }) => {
    const missing = (runs as number) - (row.n as number);
    const unknown = isReached(answer) && missing > 0 ? { mean: null, sd: null, p5: null, median: null, p95: null } : {};
    return { ...row, ...unknown, missing } as unknown as Spreading;
  });
}

/** How long runs live, with those that outlived their run counted as far as they went. */
export async function livesOf(database: Database, groups: readonly string[], { answers }: About): Promise<Life[]> {
  const [life, ended, lasted] = answers.includes('checkupLife')
    ? ['checkupLife', '"checkupLife" IS NOT NULL', 'coalesce("checkupLife", "cyclesRun")']
    : answers.includes('missionsFlown')
      ? ['missionsFlown', '"failedPhase" IS NOT NULL', '"missionsFlown"']
      : [];
  if (life === undefined) return [];
  const [longest] = await database.query(`SELECT max(${lasted}) AS t FROM runs WHERE setAside IS NULL`);
  const width = Math.max(1e-9, (longest!.t as number) / CURVE_POINTS);
  const rows = await database.query(
    `SELECT ${groupSql(groups)} AS "group", ceil(${lasted} / ${width}) * ${width} AS time,
       count(*) FILTER (${ended}) AS died, count(*) FILTER (NOT (${ended})) AS alive, min(run) AS first
     FROM runs WHERE setAside IS NULL AND ${lasted} IS NOT NULL GROUP BY 1, 2 ORDER BY 2`,
  );
  const first = new Map<string, number>();
  for (const { group, first: run } of rows) {
    const was = first.get(group as string) ?? Infinity;
    first.set(group as string, Math.min(was, run as number));
  }
  return [...first.keys()]
    .sort((a, b) => first.get(a)! - first.get(b)!)
    .map((group) => {
      const own = rows.filter((row) => row.group === group);
      const deaths = own.map(
        ({ time, died, alive }) => ({ time, died, left: alive }) as { time: number; died: number; left: number },
      );
      const curve = survival(deaths);
      const alive = deaths.reduce((sum, { left }) => sum + left, 0);
      return {
        group,
        n: alive + deaths.reduce((sum, { died }) => sum + died, 0),
        alive,
        median: timeAt(curve, 0.5),
        tenth: timeAt(curve, 0.9),
        curve,
      };
    });
}

/** Which factor is compared level by level. */
const comparedFactor = ({ factors }: About): string | undefined =>
  ['policy', 'discharge_C', 'advice', ...factors].find((factor) => factors.includes(factor));

/**
 * Each level of a factor against the first, on the same specimens: of every specimen the mean difference over the rest of the grid, and
 * over specimens its mean with a confidence interval; then, where they are few, the same in each combination of the rest, for what is
 * better in one climate may be worse in another. Specimens of which one of the two has no answer are left out.
 */
export async function comparisonsOf(database: Database, about: About, answer: string): Promise<Comparison[]> {
  const factor = comparedFactor(about);
  if (factor === undefined) return [];
  const others = about.factors.filter((one) => one !== factor);
  const order = await database.query(
    `SELECT ${valueSql(factor)} AS level FROM runs WHERE ${name(factor)} IS NOT NULL GROUP BY 1 ORDER BY min(run) LIMIT ${MOST_GROUPS}`,
  );
  const [against, ...levels] = order.map((row) => row.level as string);
  const same = ['point', 'repeat', ...others].map((key) => `a.${name(key)} IS NOT DISTINCT FROM b.${name(key)}`);
  const compared = (level: string, among: string): Promise<Row[]> =>
    database.query(
      `WITH own AS (SELECT *, ${valueSql(factor)} AS "its level", ${among} AS among FROM runs),
       pairs AS (
         SELECT b.among, min(b.run) AS run, avg(b.${name(answer)} - a.${name(answer)}) AS difference
         FROM own a JOIN own b ON ${same.join(' AND ')}
         WHERE a."its level" = ${text(against!)} AND b."its level" = ${text(level)}
         GROUP BY b.among, b.point, b.repeat)
       SELECT among, count(difference) AS n, avg(difference) AS mean, stddev(difference) AS sd,
         100.0 * count(*) FILTER (difference > 0) / nullif(count(difference), 0) AS better
       FROM pairs GROUP BY among ORDER BY min(run)`,
    );
  const [{ n: combinations }] = (await database.query(`SELECT count(DISTINCT ${groupSql(others)}) AS n FROM runs`)) as [
    { n: number },
  ];
  const rest = [...others, ...(about.sample === undefined ? [] : ['the sample'])].join(', ');
  const ways = [text(rest === '' ? '' : `mean over ${rest}`)];
  if (combinations > 1 && combinations * levels.length <= MOST_GROUPS) ways.push(groupSql(others));
  const comparisons: Comparison[] = [];
  for (const among of ways)
    for (const level of levels)
      for (const row of await compared(level, among))
        comparisons.push({
          ...{ factor, level, against: against!, among: row.among as string, answer },
          specimens: row.n as number,
          mean: row.mean as number | null,
          within: interval95(row.sd as number | null, row.n as number),
          better_pct: row.better as number | null,
        });
  return comparisons;
}

/** The method by its name, for whoever reads the numbers. */
export function methodName({ sample }: About): string {
  if (sample === undefined) return 'none: nothing was sampled';
  if (sample.method === 'saltelli')
    return `Sobol indices (Saltelli's design, Jansen's estimators), 95 % intervals from ${BATCHES} batches`;
  if (sample.method === 'morris') return 'Morris screening: mu* and sigma of elementary effects over the whole range';
  return 'standardised rank regression coefficients (a monotone relation is assumed; r2 says how far it goes)';
}

export async function influencesOf(
  database: Database,
  about: About,
  groups: readonly string[],
  answer: string,
): Promise<{ influences: Influence[]; r2: Record<string, number>; incomplete: number }> {
  const { sample } = about;
  if (sample === undefined) return { influences: [], r2: {}, incomplete: 0 };
  const inputs = Object.keys(sample.of);
  if (sample.method === 'saltelli') return sobolIndices(database, inputs, sample.points, groups, answer);
  if (sample.method === 'morris') return morrisEffects(database, inputs, groups, answer);
  return rankRegression(database, inputs, groups, answer);
}

/** Batches are stretches of the sequence, each of which is even in itself. */
async function sobolIndices(
  database: Database,
  inputs: readonly string[],
  points: number,
  groups: readonly string[],
  answer: string,
) {
  const block = blockSize('saltelli', inputs.length);
  const value = (row: number): string => `max(CASE WHEN point % ${block} = ${row} THEN ${name(answer)} END)`;
  const rows = await database.query(
    `WITH lines AS (
       SELECT ${groupSql(groups)} AS g, point // ${block} AS base, min(run) AS run, count(${name(answer)}) AS there,
         ${value(0)} AS a, ${value(1)} AS b, ${inputs.map((_, k) => `${value(k + 2)} AS x${k}`).join()}
       FROM runs GROUP BY 1, 2)
     SELECT g AS "group", base * ${BATCHES} // ${points} AS batch, min(run) AS run,
       count(*) FILTER (there < ${block}) AS incomplete, count(*) FILTER (there = ${block}) AS n,
       sum(a + b) FILTER (there = ${block}) AS sum, sum(a * a + b * b) FILTER (there = ${block}) AS squares,
       ${inputs.map((_, k) => `sum((b - x${k}) ** 2) FILTER (there = ${block}) AS first${k}, sum((a - x${k}) ** 2) FILTER (there = ${block}) AS total${k}`).join()}
     FROM lines GROUP BY 1, 2 ORDER BY 3`,
  );
  const influences: Influence[] = [];
  for (const group of new Set(rows.map((row) => row.group as string))) {
    const own = rows.filter((row) => row.group === group && (row.n as number) > 0);
    const indices = (batches: readonly Row[], k: number): [number, number] => {
      const total = (key: string): number => batches.reduce((sum, row) => sum + (row[key] as number), 0);
      const n = total('n');
      const variance = total('squares') / (2 * n) - (total('sum') / (2 * n)) ** 2;
      return [1 - total(`first${k}`) / (2 * n) / variance, total(`total${k}`) / (2 * n) / variance];
    };
    inputs.forEach((input, k) => {
      const [first, second] = own.length > 0 ? indices(own, k) : [null, null];
      const each = own.filter((row) => (row.n as number) > 1).map((row) => indices([row], k));
      const within = (which: 0 | 1): number | null =>
        each.length < BATCHES ? null : interval95(sdOf(each.map((pair) => pair[which])), each.length);
      influences.push({ group, input, first, second, firstWithin: within(0), secondWithin: within(1) });
    });
  }
  return { influences, r2: {}, incomplete: rows.reduce((sum, row) => sum + (row.incomplete as number), 0) };
}

async function morrisEffects(database: Database, inputs: readonly string[], groups: readonly string[], answer: string) {
  const block = blockSize('morris', inputs.length);
  const before = (column: string): string => `lag(${column}) OVER (PARTITION BY g, point // ${block} ORDER BY point)`;
  const rows = await database.query(
    `WITH steps AS (
       SELECT g, run, y - ${before('y')} AS dy, ${inputs.map((_, k) => `sign(x${k} - ${before(`x${k}`)}) AS d${k}`).join()}
       FROM (SELECT run, point, ${groupSql(groups)} AS g, ${name(answer)} AS y, ${inputs.map((input, k) => `${name(input)} AS x${k}`).join()} FROM runs))
     SELECT g AS "group", min(run) AS run, count(*) FILTER (dy IS NULL) - count(*) FILTER (d0 IS NULL) AS incomplete,
       ${inputs.map((_, k) => `avg(abs(dy)) FILTER (d${k} <> 0) AS mu${k}, stddev(abs(dy)) FILTER (d${k} <> 0) AS sd${k}, stddev(dy * d${k}) FILTER (d${k} <> 0) AS sigma${k}, count(dy) FILTER (d${k} <> 0) AS n${k}`).join()}
     FROM steps GROUP BY 1 ORDER BY 2`,
  );
  const scaled = (value: unknown): number | null => (value === null ? null : (value as number) / MORRIS_STEP);
  const influences = rows.flatMap((row) =>
    inputs.map((input, k): Influence => ({
      group: row.group as string,
      input,
      first: scaled(row[`mu${k}`]),
      second: scaled(row[`sigma${k}`]),
      firstWithin: scaled(interval95(row[`sd${k}`] as number | null, row[`n${k}`] as number)),
      secondWithin: null,
    })),
  );
  return { influences, r2: {}, incomplete: rows.reduce((sum, row) => sum + (row.incomplete as number), 0) };
}

/** Averaged over repeats first: what the inputs do, not the specimens. */
async function rankRegression(
  database: Database,
  inputs: readonly string[],
  groups: readonly string[],
  answer: string,
) {
  const y = name(answer);
  const [size] = await database.query(
    `SELECT max(point) + 1 AS points, count(*) FILTER (${y} IS NULL) AS missing FROM runs`,
  );
  const every = Math.max(1, Math.ceil((size!.points as number) / RANKED));
  const ranks = [...inputs.map((_, k) => `x${k}`), 'y'];
  const pairs = ranks.flatMap((a, k) => ranks.slice(k + 1).map((b) => [a, b] as const));
  const rows = await database.query(
    `WITH points AS (
       SELECT ${groupSql(groups)} AS g, point, min(run) AS run, avg(${y}) AS y, ${inputs.map((input, k) => `any_value(${name(input)}) AS x${k}`).join()}
       FROM runs WHERE point % ${every} = 0 AND ${y} IS NOT NULL GROUP BY 1, 2),
     ranked AS (SELECT g, run, ${ranks.map((own) => `rank() OVER (PARTITION BY g ORDER BY ${own}) AS ${own}`).join()} FROM points)
     SELECT g AS "group", min(run) AS run, count(*) AS n, ${pairs.map(([a, b]) => `corr(${a}, ${b}) AS ${a}_${b}`).join()}
     FROM ranked GROUP BY 1 ORDER BY 2`,
  );
  const influences: Influence[] = [];
  const r2: Record<string, number> = {};
  for (const row of rows) {
    const corr = (a: string, b: string): number => (a === b ? 1 : ((row[`${a}_${b}`] ?? row[`${b}_${a}`]) as number));
    const x = ranks.slice(0, -1);
    const found =
      (row.n as number) > inputs.length + 1
        ? regression(
            x.map((a) => x.map((b) => corr(a, b))),
            x.map((a) => corr(a, 'y')),
          )
        : null;
    if (found !== null) r2[row.group as string] = found.r2;
    // Standard error of a coefficient where inputs are nearly independent, as samples are.
    const freedom = (row.n as number) - inputs.length - 1;
    const se = found === null ? null : Math.sqrt(Math.max(0, 1 - found.r2) / freedom);
    inputs.forEach((input, k) =>
      influences.push({
        group: row.group as string,
        input,
        first: found?.coefficients[k] ?? null,
        second: null,
        firstWithin: se === null ? null : 1.96 * se,
        secondWithin: null,
      }),
    );
  }
  return { influences, r2, incomplete: size!.missing as number };
}

/** Runs with the least of an answer, and what they were. */
export function worstOf(database: Database, about: About, answer: string): Promise<Row[]> {
  const columns = [...about.factors, ...Object.keys(about.sample?.of ?? {})];
  const shown = ['run', 'seed', ...columns, answer].map(name).join();
  const order = answer === 'reaction_ms' || answer === 'misfit' ? 'DESC' : 'ASC';
  return database.query(
    `SELECT ${shown} FROM runs WHERE ${name(answer)} IS NOT NULL ORDER BY ${name(answer)} ${order}, run LIMIT ${WORST}`,
  );
}

/** Of fault runs: by row of the fault table. */
export const faultsOf = (database: Database): Promise<Row[]> =>
  database.query(
    `SELECT "faultRow", count(*) AS injected, count(*) FILTER (detected) AS found, max(reaction_ms) AS worst_ms,
       approx_quantile(reaction_ms, 0.5) AS median_ms, max(promised_ms) AS promised_ms, count(violations) AS violations, count("falseTrips") AS "falseTrips"
     FROM runs WHERE "faultCase" = 'fault' GROUP BY 1 ORDER BY violations DESC, 1`,
  );
