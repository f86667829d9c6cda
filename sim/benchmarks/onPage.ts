/** What the web page takes in a real browser; without one it is said that these rows are left out. */
import { openDashboard } from '../web/server';
import { findChromium, launchChromium } from '../web/chromium';
import type { Row } from './row';

const PATIENCE_MS = 120_000;

export async function pageRows(): Promise<Row[]> {
  const executable = findChromium();
  if (executable === undefined)
    return [{ what: 'web page in a browser', value: 'SKIPPED: no Chromium found', leibniz: null, target: '' }];
  const dashboard = await openDashboard({ listen: 0 });
  const browser = await launchChromium(executable);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${dashboard.address}#explore?cell=afl-l1&policy=adaptive&cycles=100`);
    await page.waitForSelector('#view[data-state=done]');
    const paint_ms = await page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0].startTime`);
    const said = (await page.textContent('form [role=status]'))!;
    const run_s = Number(/in ([\d.]+) s/.exec(said)![1]);
    await page.goto(`${dashboard.address}#bench`);
    await page.waitForSelector('#view[data-state=done]');
    const frames = await page.getAttribute('#view', 'data-frames-per-second');
    const slow_ms = await page.getAttribute('#view', 'data-slow-frame_ms');
    return [
      {
        what: 'page, first paint from a local server',
        value: `${paint_ms.toFixed(0)} ms`,
        leibniz: null,
        target: '1,000 ms',
      },
      {
        what: 'page, 100 adaptive cycles beside the volcano',
        value: `${run_s.toFixed(1)} s`,
        leibniz: null,
        target: '3 s',
      },
      {
        what: 'page, a stream of 100,000 points',
        value: `${frames} frames/s; slowest 5 %: ${slow_ms} ms`,
        leibniz: null,
        target: '60 frames/s',
      },
    ];
  } finally {
    await browser.close();
    await dashboard.close();
  }
}
