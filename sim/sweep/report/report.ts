/** `caldera report`: what a campaign says, in tables and pictures. */
import { InputError } from '../../errors';
import { aboutOf } from './about';
import { openDatabase, type Row } from './database';
import * as ask from './questions';

export interface ReportOptions {
  folder: string;
  /** The answer that is explained and ranked; null: the first that most runs have. */
  answer: string | null;
}

export interface Report {
  name: string;
  runs: number;
  setAside: number;
  reasons: Row[];
  stopped: Row[];
  groupedBy: string[];
  /** Factors that are not told apart, for there would be too many groups. */
  pooledOver: string[];
  answer: string;
  spreading: Record<string, ask.Spreading[]>;
  lives: ask.Life[];
  comparisons: ask.Comparison[];
  /** How the influence of the sampled numbers was found, in words; with what share of the variance of ranks is explained. */
  method: string;
  influences: ask.Influence[];
  r2: Record<string, number>;
  /** Blocks of the sample that lack an answer and were left out. */
  incomplete: number;
  worst: Row[];
  faults: Row[];
}

/** An answer is explained where so large a part of the runs has it. */
const MOST_HAVE = 0.95;

/** @throws InputError */
export async function reportOf({ folder, answer }: ReportOptions): Promise<Report> {
  const about = aboutOf(folder);
  if (answer !== null && !about.answers.includes(answer))
    throw new InputError(`--answer is '${answer}'; allowed: ${about.answers.join(', ')}`);
  const database = await openDatabase(about.file);
  try {
    const groups = await ask.groupsOf(database, about);
    const answers = [...new Set([...ask.answersOf(about), ...(answer === null ? [] : [answer])])];
    const spreading: Report['spreading'] = {};
    for (const one of answers) spreading[one] = await ask.spreadingOf(database, groups, one);
    const own = answer ?? explained(answers, spreading);
    const { influences, r2, incomplete } = await ask.influencesOf(database, about, groups, own);
    return {
      name: about.name,
      ...(await ask.countsOf(database, about)),
      groupedBy: groups,
      pooledOver: about.factors.filter((factor) => !groups.includes(factor)),
      answer: own,
      spreading,
      lives: await ask.livesOf(database, groups, about),
      comparisons: await ask.comparisonsOf(database, about, own),
      method: ask.methodName(about),
      influences,
      r2,
      incomplete,
      worst: await ask.worstOf(database, about, own),
      faults: about.answers.includes('reaction_ms') ? await ask.faultsOf(database) : [],
    };
  } finally {
    database.close();
  }
}

/** The first that most runs have; else that which most have. */
function explained(answers: readonly string[], spreading: Report['spreading']): string {
  const share = (answer: string): number => {
    const n = spreading[answer]!.reduce((sum, row) => sum + row.n, 0);
    return n / Math.max(1, n + spreading[answer]!.reduce((sum, row) => sum + row.missing, 0));
  };
  return answers.find((answer) => share(answer) >= MOST_HAVE) ?? [...answers].sort((a, b) => share(b) - share(a))[0]!;
}
