/** Evaluates programs side by side on Node and on a real interpreter. */
import { createContext, runInContext } from 'node:vm';
import * as ts from 'typescript';
import { runScript } from '../../sim/hil/interpreter';
import type { Construct } from './constructs';

/** The construct as an expression of plain JavaScript: types taken off, syntax left as written. */
export function asExpression({ body }: Construct): string {
  const { outputText } = ts.transpileModule(`(function () {\n${body}\n})()`, {
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      useDefineForClassFields: true,
      alwaysStrict: false,
      removeComments: true,
    },
  });
  return outputText.trim().replace(/;$/, '');
}

/** Defines `row(index, source)`: prints a marked line with the value of the source as JSON, or with what it threw. */
const ROW = `function row(index, source) {
  var line;
  try { line = JSON.stringify(eval(source)); } catch (error) { line = 'throws ' + error; }
  print('@' + index + ' ' + line);
}
`;

/** @returns a result for each expression: JSON or `throws …` */
export function onNode(expressions: readonly string[]): string[] {
  const printed: string[] = [];
  const context = createContext({ print: (line: string) => printed.push(line) });
  runInContext(ROW, context);
  expressions.forEach((expression, index) =>
    runInContext(`row(${index}, ${JSON.stringify(expression)})`, context, { timeout: 1000 }),
  );
  return resultsOf(printed.join('\n'), expressions.length).map((result) => result!);
}

/** As `onNode`; `stopped` for what brings the interpreter down, after which the rest runs in a new one. */
export async function onInterpreter(interpreter: string, expressions: readonly string[]): Promise<string[]> {
  const rows = expressions.map((expression, index) => `row(${index}, ${JSON.stringify(expression)});\n`);
  const { stdout } = await runScript(interpreter, ROW + rows.join(''));
  const results = resultsOf(stdout, expressions.length);
  const missing = results.indexOf(undefined);
  if (missing < 0) return results.map((result) => result!);
  const before = results.slice(0, missing).map((result) => result!);
  return [...before, 'stopped', ...(await onInterpreter(interpreter, expressions.slice(missing + 1)))];
}

function resultsOf(text: string, count: number): (string | undefined)[] {
  const results = new Array<string | undefined>(count).fill(undefined);
  for (const [, index, result] of text.matchAll(/^@(\d+) (.*?)\r?$/gm)) results[Number(index)] = result;
  return results;
}
