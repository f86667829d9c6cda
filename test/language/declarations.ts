/** Reads the hand-kept declarations: every name and member, with an expression that yields it at run time. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

export interface Member {
  file: string;
  name: string;
  expression: string;
}

const FILES = ['firmware/language.d.ts', 'hal/espruino/globals.d.ts'];

/** Interfaces whose members are no run-time things: the type checker's own. */
const TYPES_ONLY = /^(Symbol|SymbolConstructor|Iterator\w*|Iterable\w*|CallableFunction|NewableFunction)$/;

/** An object of each interface, where it is not the value of a declared name. */
const SAMPLES: Record<string, string> = {
  Object: '({})',
  Function: '(function () {})',
  IArguments: '(function () { return arguments; })()',
  Number: '(1)',
  String: "'a'",
  ReadonlyArray: '[1]',
  Array: '[1]',
  ArrayBuffer: 'new ArrayBuffer(8)',
  TypedArray: 'new Uint8Array(1)',
  DataView: 'new DataView(new ArrayBuffer(8))',
  Error: "new Error('x')",
  Promise: 'Promise.resolve(1)',
  Pin: "Pin('D5')",
  EspruinoStorage: "require('Storage')",
  EspruinoFlash: "require('Flash')",
};

export function declaredMembers(): Member[] {
  return FILES.flatMap((file) => {
    const text = readFileSync(path.join(__dirname, '../..', file), 'utf8');
    const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext);
    const valueOfType = new Map(Object.entries(SAMPLES));
    const members: Member[] = [];
    for (const statement of statements) {
      if (ts.isFunctionDeclaration(statement))
        members.push({ file, name: statement.name!.text, expression: statement.name!.text });
      if (ts.isModuleDeclaration(statement)) {
        const owner = statement.name.text;
        members.push({ file, name: owner, expression: owner });
        for (const inner of (statement.body as ts.ModuleBlock).statements) {
          const name = (inner as ts.FunctionDeclaration).name!.text;
          members.push({ file, name, expression: `${owner}.${name}` });
        }
      }
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name, type } of statement.declarationList.declarations) {
        const expression = (name as ts.Identifier).text;
        if (TYPES_ONLY.test(expression)) continue;
        members.push({ file, name: expression, expression });
        if (type && ts.isTypeReferenceNode(type)) valueOfType.set((type.typeName as ts.Identifier).text, expression);
      }
    }
    for (const statement of statements) {
      if (!ts.isInterfaceDeclaration(statement) || TYPES_ONLY.test(statement.name.text)) continue;
      const names = statement.members.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : []));
      if (names.length === 0 || statement.name.text === 'EspruinoModules') continue;
      const owner = valueOfType.get(statement.name.text);
      if (owner === undefined) throw new Error(`${file}: no sample of ${statement.name.text} to look for its members`);
      for (const name of new Set(names)) members.push({ file, name, expression: `${owner}.${name}` });
    }
    return members;
  });
}
