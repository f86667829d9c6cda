/** What a file says in words, as the numbers that the device is given. Anything else passes as it is, for the checks to refuse. */
import { Policy } from '../../firmware/protect/faults';
import { createStep, StepKind, type ProtocolStep } from '../../firmware/protocol/step';
import { show, type Json } from '../checkJson';

export const POLICIES = { cycler: Policy.Cycler, flight: Policy.Flight };
/** A channel does not fly: a stop is always the safe thing. */
export const CHANNEL_POLICIES = { cycler: Policy.Cycler };
const STEPS = {
  rest: StepKind.Rest,
  charge: StepKind.Charge,
  discharge: StepKind.Discharge,
  repeat: StepKind.Repeat,
  'slow strip': StepKind.SlowStrip,
  hold: StepKind.Hold,
  power: StepKind.Power,
};
const THERMISTORS = ['TS1', 'TS2', 'TS3'];

/** A word of a few; adds a line where it is none of them. */
export function word<Value>(problems: string[], field: string, text: unknown, words: Record<string, Value>): Value {
  const found = words[text as string];
  if (found === undefined) problems.push(`${field} is ${show(text)}; allowed: ${Object.keys(words).join(', ')}`);
  return found ?? Object.values(words)[0]!;
}

/** Texts such as "0x40" anywhere in a part of the file, as numbers. */
export function withHexNumbers<Part>(part: Part): Part {
  if (typeof part === 'string' && /^0x[0-9a-f]{1,4}$/i.test(part)) return Number(part) as Part;
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => [key, withHexNumbers(value)]);
  return (Array.isArray(part) ? entries.map(([, value]) => value) : Object.fromEntries(entries)) as Part;
}

/** Inputs 1 to 16 of the front end that hold a cell (VCn to VCn-1), as its mask. */
export function inputMask(problems: string[], field: string, inputs: unknown): number {
  const own = Array.isArray(inputs) ? (inputs as unknown[]) : [];
  const isInput = (input: unknown): boolean => Number.isInteger(input) && Number(input) >= 1 && Number(input) <= 16;
  if (own.length < 3 || !own.every(isInput) || new Set(own).size < own.length || !own.includes(1) || !own.includes(16))
    problems.push(`${field} is ${show(inputs)}; allowed: 3 to 16 different inputs of 1 to 16, with 1 and 16`);
  return own.reduce((mask: number, input) => mask | (isInput(input) ? 1 << (Number(input) - 1) : 0), 0);
}

/** Pins TS1 to TS3 that hold a cell's thermistor. */
export function thermistorMask(problems: string[], field: string, pins: unknown): number {
  const own = Array.isArray(pins) ? (pins as string[]) : [];
  if (own.length === 0 || !own.every((pin) => THERMISTORS.includes(pin)))
    problems.push(`${field} is ${show(pins)}; allowed: a list of one or more of ${THERMISTORS.join(', ')}`);
  return own.reduce((mask, pin) => mask | (THERMISTORS.includes(pin) ? 1 << THERMISTORS.indexOf(pin) : 0), 0);
}

/** Steps one by one, `kind` as a word, what is left out 0. */
export function protocolSteps(problems: string[], own: readonly unknown[]): ProtocolStep[] {
  return own.map((step, k) => {
    if (typeof step !== 'object' || step === null || Array.isArray(step)) {
      problems.push(`protocol[${k}] is ${show(step)}; allowed: an object`);
      return createStep(StepKind.Rest, 0, 0, 0);
    }
    const kind = word(problems, `protocol[${k}].kind`, (step as Json).kind, STEPS);
    const whole = createStep(kind, 0, 0, 0);
    for (const key of Object.keys(step))
      if (!(key in whole)) problems.push(`protocol[${k}].${key} is unknown; allowed: ${Object.keys(whole).join(', ')}`);
    return { ...whole, ...step, kind };
  });
}
