/**
 * Splits a program: what only a part needs goes into the part, which lies in Storage and is evaluated in the program's scope when it
 * is called. So nothing is stored twice, and names mean the same in both.
 */
import { coldMark } from './cold';
import { parse, type AnyNode, type CallExpression, type Node, type Program } from 'acorn';

/** Marks a part's functions at the end of the bundle: `__part("boot", {"boot": boot})`. */
export const PART_MARK = '__part';
/** Around what the program must have, though only what is made later names it. */
export const KEEP_MARK = '__keep';
/** Around what was split off, so that all is minified together. */
export const CUT_MARK = '__cut';
/** Only there so that the names in it are not given to anything else. */
export const NAMES = 'names';
/** What more than one part needs, and the program does not. */
const COMMON = 'common';

export interface NestOptions {
  /**
   * The function that is called most: it and what it reaches come first, in the order of their distance from it, since the
   * interpreter searches a scope from its begin.
   */
  first?: string | undefined;
  /** Functions that are made from their text at each call, by source and name; `call` makes one, given its mark. */
  cold?: { is: (source: string, name: string) => boolean; call: string } | undefined;
}

/**
 * Moves what the program itself never reaches into one function for each part, and what several parts need into one around them.
 * @param code statements of a scope, the marks at the end
 */
export function nestParts(code: string, { first, cold }: NestOptions = {}): string {
  const statements = (parse(code, { ecmaVersion: 2020 }) as Program).body;
  const declared = new Map<string, number>();
  const uses = statements.map((statement, index) => {
    for (const name of declares(statement)) declared.set(name, index);
    return namesIn(statement);
  });
  const marks = new Map<string, number>();
  const effects: number[] = [];
  statements.forEach((statement, index) => {
    const part = markedPart(statement, PART_MARK);
    if (part !== undefined) marks.set(part, index);
    else if (declares(statement).length === 0) effects.push(index);
  });
  const reach = (from: readonly number[]): Set<number> => {
    const reached = new Set(from);
    for (const index of reached)
      for (const name of uses[index]!) if (declared.has(name)) reached.add(declared.get(name)!);
    return reached;
  };
  const resident = reach(effects);
  // It has done what it is there for.
  for (const index of effects) if (markedPart(statements[index]!, KEEP_MARK) !== undefined) resident.delete(index);
  const coldNames = cold ? findCold(code, statements, resident, reach([declared.get(cold.call)!]), cold.is) : [];
  const text = (index: number): string => withCalls(code, statements[index]!, coldNames, cold?.call ?? '');
  const reached = [...marks].map(([name, mark]) => ({
    name,
    mark,
    needs: [...reach([mark])].filter((index) => index !== mark && !resident.has(index)),
  }));
  const timesNeeded = new Map<number, number>();
  for (const { needs } of reached) for (const index of needs) timesNeeded.set(index, (timesNeeded.get(index) ?? 0) + 1);
  const isCommon = (index: number): boolean => timesNeeded.get(index)! > 1;
  const write = (indices: Iterable<number>): string =>
    [...indices]
      .sort((a, b) => a - b)
      .map(text)
      .join('\n');

  /** What is declared stands first, by distance, then what is done: so a function is there before it is called. */
  const inOrder = (indices: ReadonlySet<number>): string => {
    if (!declared.has(first!)) throw new Error(`there is no function ${first}`);
    const near = [...reach([declared.get(first!)!]), ...indices].filter((index) => indices.has(index));
    const ordered = [...new Set(near)];
    const kind = (index: number): string => {
      const statement = statements[index]!;
      return statement.type === 'VariableDeclaration' ? statement.kind : statement.type;
    };
    const of = (which: string): number[] => ordered.filter((index) => kind(index) === which);
    const variables = of('var').flatMap((index) => declares(statements[index]!));
    return [
      // The minifier puts their values in their place where nothing precedes them.
      write(of('const')),
      ...(variables.length > 0 ? [`var ${variables.join(', ')};`] : []),
      ...of('FunctionDeclaration').map(text),
      write([...indices].filter((index) => !['const', 'FunctionDeclaration'].includes(kind(index)))),
    ].join('\n');
  };
  const common = [...timesNeeded.keys()].filter(isCommon);
  const cuts = reached.map(({ name, mark, needs }) => {
    const functions = markedCall(statements[mark]!)!.arguments[1]!;
    const own = write(needs.filter((index) => !isCommon(index)));
    return cut(name, `${own}\nreturn ${code.slice(functions.start, functions.end)};`);
  });
  const texts = coldNames.map((name, index) => {
    const declaration = text(declared.get(name)!);
    resident.delete(declared.get(name)!);
    return cut(coldPart(index), `return function${declaration.slice(declaration.indexOf('('))};`);
  });
  const program = [first === undefined ? write(resident) : inOrder(resident), ...texts].join('\n');
  if (cuts.length === 0) return first === undefined ? code : program;
  return `${program}\n${cut(COMMON, `${write(common)}\n${cuts.join('\n')}`)}`;
}

/** The part that holds the text of a cold function. */
export const coldPart = (index: number): string => `cold${index}`;

/** Functions of the program that are cold, and are only ever called: one that is handed over has to stay. */
function findCold(
  code: string,
  statements: readonly AnyNode[],
  resident: ReadonlySet<number>,
  needed: ReadonlySet<number>,
  isCold: (source: string, name: string) => boolean,
): string[] {
  const handedOver = new Set<string>();
  for (const statement of statements) {
    const called = new Set<Node>(statement.type === 'FunctionDeclaration' ? [statement.id!] : []);
    visit(statement, (node) => {
      if (node.type === 'CallExpression') called.add(node.callee);
      else if (node.type === 'Identifier' && !called.has(node)) handedOver.add(node.name);
    });
  }
  const sources = [...code.matchAll(/^\/\/ (\S+\.ts)$/gm)].map(({ index, 1: source }) => ({ index, source: source! }));
  return statements.flatMap((statement, index) => {
    if (statement.type !== 'FunctionDeclaration' || !resident.has(index) || needed.has(index)) return [];
    const { name } = statement.id!;
    const source = sources.findLast((source) => source.index < statement.start)?.source ?? '';
    return isCold(source, name) && !handedOver.has(name) ? [name] : [];
  });
}

/** The statement's text, calls of cold functions replaced. */
function withCalls(code: string, statement: Node, coldNames: readonly string[], call: string): string {
  const calls: { start: number; end: number; name: string }[] = [];
  if (coldNames.length > 0)
    visit(statement, (node) => {
      if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && coldNames.includes(node.callee.name))
        calls.push(node.callee);
    });
  let text = '';
  let at = statement.start;
  for (const { start, end, name } of calls.sort((a, b) => a.start - b.start)) {
    text += `${code.slice(at, start)}${call}(${coldMark(coldNames.indexOf(name))})`;
    at = end;
  }
  return text + code.slice(at, statement.end);
}

function cut(name: string, body: string): string {
  return `${CUT_MARK}("${name}", function () {\n${body}\n});`;
}

/** Takes the parts out again. @returns the program, and the parts as text whose value is the object of their functions */
export function takePartsOut(code: string): { code: string; parts: Record<string, string> } {
  const parts: Record<string, string> = {};
  const cuts: { name: string; call: CallExpression; body: readonly Node[] }[] = [];
  visit(parse(code, { ecmaVersion: 2020 }), (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== CUT_MARK) return;
    const [name, scope] = node.arguments;
    if (name?.type !== 'Literal' || scope?.type !== 'FunctionExpression') return;
    cuts.push({ name: String(name.value), call: node, body: scope.body.body });
  });
  // The innermost first, so that the text of the outer ones loses them too; from the end, so that positions stay.
  for (const { name, body } of cuts.filter(({ name }) => name !== COMMON)) {
    const last = body.at(-1) as AnyNode;
    if (last.type !== 'ReturnStatement' || !last.argument) throw new Error(`part ${name} returns nothing`);
    const functions = code.slice(last.argument.start, last.argument.end);
    parts[name] = `${code.slice(body[0]!.start, last.start)}(${functions})`;
  }
  const common = cuts.find(({ name }) => name === COMMON);
  const isInner = ({ call }: { call: Node }): boolean =>
    common !== undefined && call.start > common.call.start && call.end < common.call.end;
  if (common) {
    const inner = cuts.filter(isInner).map(({ call }) => call);
    parts[COMMON] = withHoles(code, common.body[0]!.start, common.body.at(-1)!.end, inner);
  }
  const outer = withHoles(
    code,
    0,
    code.length,
    cuts.filter((cut) => !isInner(cut)).map(({ call }) => call),
  );
  delete parts[NAMES];
  return { code: outer, parts };
}

/** The text with a 0 where the calls were. */
function withHoles(code: string, start: number, end: number, calls: readonly Node[]): string {
  let text = '';
  let at = start;
  for (const call of [...calls].sort((a, b) => a.start - b.start)) {
    text += `${code.slice(at, call.start)}0`;
    at = call.end;
  }
  return text + code.slice(at, end);
}

function declares(statement: AnyNode): string[] {
  if (statement.type === 'FunctionDeclaration') return [statement.id!.name];
  if (statement.type !== 'VariableDeclaration') return [];
  return statement.declarations.map(({ id }) => {
    if (id.type !== 'Identifier') throw new Error('the firmware has no destructuring');
    return id.name;
  });
}

/** Every name that may stand for something outside: one that only hides it is taken too, which does no harm. */
function namesIn(statement: Node): Set<string> {
  const names = new Set<string>();
  visit(statement, (node) => {
    if (node.type === 'Identifier') names.add(node.name);
  });
  return names;
}

function markedCall(statement: AnyNode): CallExpression | undefined {
  return statement.type === 'ExpressionStatement' && statement.expression.type === 'CallExpression'
    ? statement.expression
    : undefined;
}

function markedPart(statement: AnyNode, mark: string): string | undefined {
  const call = markedCall(statement);
  if (call?.callee.type !== 'Identifier' || call.callee.name !== mark) return undefined;
  const name = call.arguments[0];
  return name?.type === 'Literal' ? String(name.value) : '';
}

/** Names of properties are not visited: they stand for nothing outside. */
function visit(node: Node, see: (node: AnyNode) => void): void {
  const seen = node as AnyNode;
  see(seen);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'property' && seen.type === 'MemberExpression' && !seen.computed) continue;
    if (key === 'key' && seen.type === 'Property' && !seen.computed) continue;
    for (const child of Array.isArray(value) ? value : [value])
      if (child !== null && typeof child === 'object' && typeof child.type === 'string') visit(child, see);
  }
}
