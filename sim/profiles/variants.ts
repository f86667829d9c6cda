/**
 * Other parameter sets of the built-in profiles: members of an ensemble that meet the same numbers about equally well
 * (`afl-l1#3`), and sets fitted under another residue rule. Each gives, by profile, the fitted parameters that differ.
 */
import { InputError } from '../errors';
import type { ResidueRule } from './terms';
import ensemble from './ensemble.json';
import residue from './residue.json';

/** By profile name, then by parameter key. */
export type ParameterSet = Readonly<Record<string, Readonly<Record<string, number>>>>;

const MEMBERS: readonly ParameterSet[] = ensemble.members;
const RULES: Partial<Record<ResidueRule, ParameterSet>> = residue.rules;

/** Members of the ensemble; they are numbered from 1. */
export const memberCount = MEMBERS.length;

/** Profiles that the ensemble and the residue rules were fitted for. */
export const variantCells: readonly string[] = ['afl-l1', 'afl-l2', 'afl-l1-half', 'afl-l2-half'];

/** Member `number` of the ensemble for a profile. @throws InputError */
export function ensembleMember(profile: string, number: string): ParameterSet {
  const member = /^[1-9]\d*$/.test(number) ? MEMBERS[Number(number) - 1] : undefined;
  if (!variantCells.includes(profile))
    throw new InputError(
      `cell "${profile}#${number}": "${profile}" has no ensemble; allowed: ${variantCells.join(', ')}`,
    );
  if (!member)
    throw new InputError(`cell "${profile}#${number}": member ${number} does not exist; allowed: 1 to ${memberCount}`);
  return member;
}

/** Whether a set has been fitted under a rule. */
export const ruleIsFitted = (rule: ResidueRule): boolean => RULES[rule] !== undefined;

/** The set for a residue rule. Empty for the rule that the profiles themselves were fitted with. @throws InputError */
export function setForRule(profile: string, rule: ResidueRule, own: ResidueRule): ParameterSet {
  if (rule === own) return {};
  const set = variantCells.includes(profile) ? RULES[rule] : undefined;
  if (!set)
    throw new InputError(
      `residue rule ${rule}: cell "${profile}" was fitted with ${own} only; allowed: ${variantCells.join(', ')}, or a FILE.json with its own residueRule`,
    );
  return set;
}
