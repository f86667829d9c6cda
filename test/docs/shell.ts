/** The little of a shell's grammar that command lines in documents use. */

const OWN = /^(caldera|npm|npx)\b/;

/**
 * The commands of a text that are this project's own, as words: lines that begin with `caldera`, `npm` or `npx`, or follow `&&`, `|` or `$ `
 * in such a line. Comments are left out, a line that ends with a backslash goes on in the next, quotes hold words together.
 */
export function ownCommands(text: string): string[][] {
  return text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => words(line.replace(/^\s*\$ /, '')))
    .filter(([first]) => first !== undefined && OWN.test(first));
}

/** One line's commands. A redirection ends a command as an operator does. */
function words(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const [token, double, single, operator, plain] of line.matchAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|(&&|\|\|?|;|>)|([^\s"'|;&>]+)/g,
  )) {
    if (plain?.startsWith('#')) break;
    if (operator !== undefined) commands.push([]);
    else commands.at(-1)!.push(double ?? single ?? plain ?? token);
  }
  return commands;
}

/** The arguments after `caldera`, however it is called; undefined where it is another program. */
export function calderaArguments(words: readonly string[]): string[] | undefined {
  const line = words.join('\0');
  const call = /^(?:npx\0)?caldera(?:\0|$)|^npm\0run\0(?:--silent\0)?caldera(?:\0--(?:\0|$)|$)/.exec(line);
  if (call === null) return undefined;
  const rest = line.slice(call[0].length);
  return rest === '' ? [] : rest.split('\0');
}

/** The script of package.json that a line of npm runs; undefined where npm itself does the work. */
export function npmScript(words: readonly string[]): string | undefined {
  if (words[0] !== 'npm') return undefined;
  if (words[1] === 'run') return words.slice(2).find((word) => !word.startsWith('-'));
  return ['start', 'test'].find((name) => name === words[1]);
}
