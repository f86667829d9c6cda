/**
 * Builds the page into dist/web: one script and one style sheet, every address relative, so that the folder works wherever it lies, on
 * any server and opened as a file. Browsers load no ES modules from files, and start no workers from them either: so the script is a
 * classic one, and the workers are part of it.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A classic script that waits until the page is read, as a module does. */
const classicScript: Plugin = {
  name: 'classic-script',
  enforce: 'post',
  transformIndexHtml: (html) =>
    html
      .replace('<script type="module" crossorigin', '<script defer')
      .replace('<link rel="stylesheet" crossorigin', '<link rel="stylesheet"'),
};

/** What reads files in Node is exchanged for what says that a page has none. */
const noFiles: Plugin = {
  name: 'no-files',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!/\/readJson$/.test(source) || importer === undefined) return null;
    const found = await this.resolve(source, importer, { skipSelf: true });
    return found?.id === here('../readJson.ts') ? here('page/readJson.ts') : found;
  },
};

export default defineConfig({
  root: here('page'),
  base: './',
  publicDir: false,
  plugins: [noFiles, classicScript],
  worker: { format: 'iife', plugins: () => [noFiles] },
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    // A file of its own, so that the page is never shown without it.
    cssCodeSplit: false,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 100_000,
    rolldownOptions: { output: { format: 'iife' } },
    // The workers are in it.
    chunkSizeWarningLimit: 1500,
  },
});
