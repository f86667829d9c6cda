/** Refuses a function that captures a variable of `for (let …)`, `for … of` or `for … in`: on Espruino all share the last value. */
export const capturedLoopVariable = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      captured:
        "'{{name}}' is captured: on Espruino every such function sees its last value. Copy it to a const in the body.",
    },
  },
  create(context) {
    const check = (declaration) => {
      if (declaration?.type !== 'VariableDeclaration') return;
      for (const variable of context.sourceCode.getDeclaredVariables(declaration)) {
        for (const { identifier, from } of variable.references) {
          if (from.variableScope !== variable.scope.variableScope)
            context.report({ node: identifier, messageId: 'captured', data: { name: variable.name } });
        }
      }
    };
    return {
      ForStatement: (node) => check(node.init),
      ForOfStatement: (node) => check(node.left),
      ForInStatement: (node) => check(node.left),
    };
  },
};
