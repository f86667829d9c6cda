import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as parse from '../../sim/cli/options';
import { InputError } from '../../sim/errors';

describe('rates', () => {
  it.each([
    ['1C', 1],
    ['0.5c', 0.5],
    ['1', 1],
    ['.2C', 0.2],
    ['2e-1', 0.2],
    ['20C', 20],
    ['0.01C', 0.01],
  ])('%s is %d C', (text, value) => {
    expect(parse.rate('--charge')(text)).toBe(value);
  });

  it.each(['-1C', 'abc', '', ' ', 'NaN', 'Infinity', '0', '0C', '20.1C', '1CC', '0x1', '1 C C', 'C', '1,5', 'null'])(
    'refuses %j and names option, value and range',
    (text) => {
      const error = expectInputError(() => parse.rate('--charge')(text));
      expect(error.message).toBe(
        `--charge: '${text}' is not valid; allowed: a C-rate from 0.01C to 20C, such as 1C or 0.5C`,
      );
    },
  );

  it('sorts a list and drops repeats', () => {
    expect(parse.rates('--rates')('2,0.5C,1,2C')).toEqual([0.5, 1, 2]);
  });

  it.each(['', '1,', '1,,2', '1;2', '1,-2'])('refuses the list %j', (text) => {
    expectInputError(() => parse.rates('--rates')(text));
  });

  it.each(['adaptive', 'adaptive+tail', 'adaptive+taper', '1C'])('a discharge may be %s', (text) => {
    expect(parse.discharge('--discharge')(text)).toBe(text === '1C' ? 1 : text);
  });

  it.each(['fixed', 'Adaptive', 'adaptive+', 'adaptive+tail+taper', '0', ''])('but not %j', (text) => {
    const { message } = expectInputError(() => parse.discharge('--discharge')(text));
    expect(message).toBe(
      `--discharge: '${text}' is not valid; allowed: a C-rate from 0.01C to 20C, such as 1C or 0.5C, or adaptive, adaptive+tail, adaptive+taper`,
    );
  });

  it('has a limit of its own where one is given', () => {
    expect(parse.rateUpTo('--slowest', 3)('3C')).toBe(3);
    const { message } = expectInputError(() => parse.rateUpTo('--slowest', 3)('3.1C'));
    expect(message).toBe("--slowest: '3.1C' is not valid; allowed: a C-rate from 0.01C to 3C");
  });

  it('gives back every rate in range, and nothing else', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 20, noNaN: true }), (value) => parse.rate('--x')(`${value}C`) === value),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const value = parse.rate('--x')(text);
          return value >= 0.01 && value <= 20;
        } catch (error) {
          return error instanceof InputError;
        }
      }),
    );
  });
});

describe('other numbers', () => {
  it.each([
    [parse.temperature, '25', 25],
    [parse.temperature, '-20', -20],
    [parse.temperature, '60 degC', 60],
    [parse.cycles, '100000', 100000],
    [parse.percent, '80%', 80],
    [parse.seed, '4294967295', 4294967295],
    [parse.threads, '2', 2],
  ])('%o takes %s', (parser, text, value) => {
    expect(parser('--x')(text)).toBe(value);
  });

  it.each([
    [parse.temperature, '-20.1', 'from -20 degC to 60 degC'],
    [parse.temperature, 'warm', 'from -20 degC to 60 degC'],
    [parse.cycles, '0', 'a whole number from 1 cycles to 100000 cycles'],
    [parse.cycles, '1.5', 'a whole number'],
    [parse.cycles, '100001', '100000'],
    [parse.percent, '0', 'from 1 % to 99 %'],
    [parse.percent, '100', 'from 1 % to 99 %'],
    [parse.seed, '-1', 'from 0 to 4294967295'],
    [parse.threads, '0', 'a whole number from 1 threads'],
  ])('%o refuses %s', (parser, text, allowed) => {
    const { message } = expectInputError(() => parser('--x')(text));
    expect(message).toContain(`--x: '${text}'`);
    expect(message).toContain(allowed);
  });
});

function expectInputError(action: () => unknown): InputError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).not.toContain('\n');
    return error as InputError;
  }
  throw new Error('was accepted');
}
