/**
 * Small mistakes, made on purpose, one at a time: a threshold that is off, a comparison the wrong way round, a forgotten
 * condition or statement, another fault or state than the one that was meant. Tests that do not notice one test too little.
 */
import ts from 'typescript';

/** One mistake: `source` with `was` (from `at`) replaced by `is`. */
export interface Mutant {
  file: string;
  /** Counts from 1. */
  line: number;
  /** What of a table it is; empty elsewhere. */
  what: string;
  was: string;
  is: string;
  at: number;
}

/** Names the element of an array that is a table: of which function, its how manieth, and the element's place in it. */
export type Label = (name: string, nth: number, index: number) => string;

const SWAPPED: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '+=': ['-='],
  '-=': ['+='],
  '++': ['--'],
  '--': ['++'],
};
const OTHER_CALL: Readonly<Record<string, string>> = { min: 'max', max: 'min', floor: 'ceil', ceil: 'floor' };
/** Enumerations begin with a capital, as what JavaScript brings does. */
const BUILT_IN = ['Math', 'Number'];

/** Every mistake that can be made in this source. `label`: its array literals are tables, of which each element may be wrong. */
export function mutantsOf(file: string, source: string, label?: Label): Mutant[] {
  const root = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, is: string, what = ''): void => {
    const at = node.getStart(root);
    const line = root.getLineAndCharacterOfPosition(at).line + 1;
    mutants.push({ file, line, what, was: node.getText(root), is, at });
  };

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node)) return;
    if (ts.isImportDeclaration(node)) return;
    if (label !== undefined && ts.isArrayLiteralExpression(node)) return addElements(node, label);
    if (ts.isBinaryExpression(node)) addBinary(node);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) addUnary(node);
    else if (ts.isNumericLiteral(node)) addNumber(node);
    else if (ts.isPropertyAccessExpression(node)) addMember(node);
    else if (ts.isCallExpression(node) && node.getText(root).startsWith('Math.abs('))
      add(node, node.getText(root).slice('Math.abs'.length));
    else if (ts.isIfStatement(node)) addCondition(node.expression);
    else if (ts.isConditionalExpression(node)) addCondition(node.condition);
    else if (ts.isExpressionStatement(node) || ts.isContinueStatement(node)) add(node, ';');
    else if (ts.isReturnStatement(node) && node.expression === undefined) add(node, ';');
    else if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'false');
    else if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'true');
    ts.forEachChild(node, visit);
  };

  const tables = new Map<string, number>();
  const addElements = (array: ts.ArrayLiteralExpression, label: Label): void => {
    let scope: ts.Node = array;
    while (!ts.isFunctionDeclaration(scope)) scope = scope.parent;
    const name = scope.name!.text;
    const nth = tables.get(name) ?? 0;
    tables.set(name, nth + 1);
    array.elements.forEach((element, index) => {
      for (const by of ['+ 1', '- 1']) add(element, `${element.getText(root)} ${by}`, label(name, nth, index));
    });
  };

  const addBinary = ({ operatorToken, left, right }: ts.BinaryExpression): void => {
    const operator = operatorToken.getText(root);
    for (const other of SWAPPED[operator] ?? []) add(operatorToken, other);
    if (operator !== '&&' && operator !== '||') return;
    for (const operand of [left, right])
      if (!ts.isBinaryExpression(operand) || operand.operatorToken.kind !== operatorToken.kind)
        add(operand, operator === '&&' ? 'true' : 'false');
  };

  const addUnary = (node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): void => {
    const operand = node.operand.getText(root);
    const text = node.getText(root);
    const operator = text.replace(operand, '');
    const other = SWAPPED[operator];
    if (operator === '++' || operator === '--') add(node, text.replace(operator, other![0]!));
    else if (!ts.isNumericLiteral(node.operand)) add(node, operand);
  };

  const addNumber = (node: ts.NumericLiteral): void => {
    const value = Number(node.text);
    const others = Number.isInteger(value) ? [value + 1, value - 1] : [value * 1.1, value * 0.9];
    for (const other of others) add(node, other < 0 ? `(${other})` : `${other}`);
  };

  const addMember = (node: ts.PropertyAccessExpression): void => {
    const owner = node.expression.getText(root);
    const name = node.name.text;
    if (owner === 'Math' && OTHER_CALL[name] !== undefined) add(node, `Math.${OTHER_CALL[name]}`);
    if (/^[A-Z]\w*$/.test(owner) && !BUILT_IN.includes(owner))
      add(node, name === 'length' ? `(${owner}.length - 1)` : `(${owner}.${name} + 1)`);
  };

  const addCondition = (condition: ts.Expression): void => {
    for (const constant of ['true', 'false']) add(condition, constant);
  };

  visit(root);
  return mutants;
}

/** The source with the mistake in it. */
export function mutated(source: string, { at, was, is }: Mutant): string {
  return source.slice(0, at) + is + source.slice(at + was.length);
}
