/**
 * Lint rules for what Espruino 2v29 parses but runs wrongly, and for missing syntax that the bundler would not refuse.
 * test/language shows each of them at work, and each construct failing on the real interpreter.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { capturedLoopVariable } from './captured-loop-variable.mjs';
import { functionBeforeDefinition } from './function-before-definition.mjs';

const refuse = (selector, message) => ({ selector, message: `${message} (docs/firmware-language.md)` });

const syntax = [
  refuse('AssignmentPattern', 'No default values: Espruino does not parse them'),
  refuse('RestElement, SpreadElement', 'No rest or spread: Espruino does not parse it'),
  refuse('ObjectPattern, ArrayPattern', 'No destructuring: Espruino does not parse it'),
  refuse(':function[async=true], AwaitExpression', 'No async functions: Espruino does not parse them'),
  refuse(':function[generator=true]', 'No generators: Espruino does not parse them'),
  refuse(
    'Property[computed=true], MethodDefinition[computed=true], PropertyDefinition[computed=true]',
    'No computed keys: Espruino does not parse them',
  ),
  refuse('MethodDefinition > Literal.key', 'No quoted method names: Espruino does not parse them'),
  refuse('ChainExpression', 'No `?.`: Espruino does not parse it'),
  refuse('AssignmentExpression[operator=/^(\\?\\?|\\|\\||&&)=$/]', 'No logical assignment: Espruino does not parse it'),
  refuse('BinaryExpression[operator="**"], AssignmentExpression[operator="**="]', 'No `**`: use Math.pow'),
  refuse('LabeledStatement', 'No labels: Espruino does not know them'),
  refuse('DoWhileStatement', 'No do: Espruino does not parse one whose braces the bundler leaves out'),
  refuse('PrivateIdentifier', 'No #private: Espruino does not parse it'),
  refuse('StaticBlock', 'No static blocks: Espruino does not parse them'),
  refuse('MetaProperty', 'No new.target or import.meta: Espruino does not parse them'),
  refuse('ImportExpression', 'No dynamic import: everything is in one bundle'),
  refuse('SwitchCase[test=null] ~ SwitchCase', 'No case after default: Espruino does not parse it'),
  refuse('Literal[bigint]', 'No BigInt: Espruino has none'),
  refuse('TaggedTemplateExpression', 'No tagged templates: Espruino ignores the template'),
  refuse('PropertyDefinition[value=null][declare!=true]', 'No field without a value: Espruino does not parse it'),
  refuse(
    'PropertyDefinition[static=false] > :not(Literal, UnaryExpression[argument.type="Literal"]).value',
    'A field starts with a number, string, boolean or null: Espruino evaluates the value once for all instances, and without `this`. Assign anything else in the constructor',
  ),
  refuse('[superClass]', 'No `extends`: on Espruino, super recurses for ever and an Error loses its message'),
  refuse('Super', 'No `super`: on Espruino it recurses for ever beyond two levels'),
  refuse(
    'BinaryExpression[operator="instanceof"][right.name="Error"]',
    'No instanceof Error: on Espruino a TypeError or SyntaxError is none',
  ),
  refuse('Literal[regex]', 'No regular expressions: Espruino matches many of them differently'),
];

const builtIns = [
  { object: 'Math', property: 'round', message: 'Espruino rounds -0.5 to -1: use Math.floor(x + 0.5).' },
  { property: 'toFixed', message: 'Espruino rounds halves the other way: send scaled integers.' },
  { property: 'sort', message: 'Espruino does not sort stably.' },
];

const declared = (text) =>
  new Set([...text.matchAll(/^declare (?:const|var|function|namespace) (\w+)/gm)].map(([, name]) => name));

/** The names declared in hal/espruino/globals.d.ts. */
const espruinoGlobals = declared(
  fs.readFileSync(new URL('../../../hal/espruino/globals.d.ts', import.meta.url), 'utf8'),
);

/** Those that the interpreter's published types name besides, many of which an ESP32 has not. */
const language = declared(fs.readFileSync(new URL('../../../firmware/language.d.ts', import.meta.url), 'utf8'));
const otherGlobals = [
  ...declared(fs.readFileSync(createRequire(import.meta.url).resolve('@types/espruino/index.d.ts'), 'utf8')),
].filter((name) => !espruinoGlobals.has(name) && !language.has(name) && name !== 'arguments');

/** Refuses imports whose path as written matches `regex`. */
const imports = (regex, message) => ({ regex, message });
const packages = imports('^[^.]', 'There are no packages on the device.');
const outside = imports('(^|/)(sim|test)/', 'The firmware knows nothing of the simulator.');
const upwards = imports('(^|/)firmware/', 'hal/ knows nothing of the firmware above it.');
const board = imports(
  '(^|/)espruino/',
  'Only firmware/main.ts and its parts may: the rest takes the interfaces of hal/.',
);

export const firmwareRules = [
  {
    files: ['firmware/**/*.ts', 'hal/**/*.ts'],
    plugins: {
      firmware: {
        rules: {
          'captured-loop-variable': capturedLoopVariable,
          'function-before-definition': functionBeforeDefinition,
        },
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'firmware/captured-loop-variable': 'error',
      'firmware/function-before-definition': 'error',
      // Functions are the rule above's; this one sees to variables, classes and enums.
      '@typescript-eslint/no-use-before-define': [
        'error',
        { functions: false, classes: false, variables: false, ignoreTypeReferences: true },
      ],
      'no-restricted-syntax': ['error', ...syntax],
      'no-restricted-properties': ['error', ...builtIns],
      'no-restricted-globals': ['error', 'Symbol', 'globalThis', ...espruinoGlobals, ...otherGlobals],
      'no-eval': 'error',
      'prefer-rest-params': 'off', // there are none
      'prefer-spread': 'off',
    },
  },
  {
    files: ['firmware/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [packages, outside, board] }] },
  },
  {
    files: [
      'firmware/main.ts',
      'firmware/entry.ts',
      'firmware/boot.ts',
      'firmware/start.ts',
      'firmware/configure.ts',
      'firmware/serviceTarget.ts',
      'firmware/drone/{main,boot,service}.ts',
      'firmware/loader/loader.ts',
    ],
    rules: { 'no-restricted-imports': ['error', { patterns: [packages, outside] }] },
  },
  {
    files: ['hal/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [packages, outside, upwards, board] }] },
  },
  {
    files: ['hal/espruino/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'Symbol', 'globalThis', ...otherGlobals],
      '@typescript-eslint/no-require-imports': ['error', { allow: ['^(Storage|Flash|crypto)$'] }],
    },
  },
];
