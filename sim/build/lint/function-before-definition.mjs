/**
 * Refuses a call of a function above its definition where Espruino, which does not hoist inside a function, has not met the
 * definition yet: within one function (the bundle as a whole is one, too). A module's functions may call each other in any order.
 */
export const functionBeforeDefinition = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      early: "'{{name}}' is used before its definition, and Espruino does not hoist functions. Define it first.",
    },
  },
  create(context) {
    const check = (scope) => {
      for (const variable of scope.variables) {
        const definition = variable.defs.find((def) => def.type === 'FunctionName');
        if (!definition) continue;
        for (const { identifier, from, isValueReference } of variable.references) {
          const laterCall = scope.type === 'module' && from.variableScope !== scope.variableScope;
          if (isValueReference !== false && !laterCall && identifier.range[0] < definition.node.range[0])
            context.report({ node: identifier, messageId: 'early', data: { name: variable.name } });
        }
      }
      scope.childScopes.forEach(check);
    };
    return { 'Program:exit': () => check(context.sourceCode.scopeManager.globalScope) };
  },
};
