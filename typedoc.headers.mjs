/** For typedoc (`npm run docs:api`): a file's first comment introduces its page of the reference, without a tag in every file. */
import { Comment, Converter, ReflectionKind } from 'typedoc';

const HEADER = /^\/\*\*(?=[\s\S]*?\*\/\s*(?:import|\/\*\*))([\s\S]*?)\*\//;

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, page) => {
    if (!page.kindOf(ReflectionKind.Module) || page.comment) return;
    const source = context.getSymbolFromReflection(page)?.declarations?.[0]?.getSourceFile();
    const header = source && HEADER.exec(source.text);
    if (header) page.comment = new Comment([{ kind: 'text', text: header[1].replace(/^\s*\* ?/gm, '').trim() }]);
  });
}
