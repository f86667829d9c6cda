/** The page in a real browser, for what measures and draws it. */
import * as fs from 'node:fs';

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Path of a Chromium; undefined where there is none. */
export const findChromium = (): string | undefined =>
  PLACES.find((place): place is string => place !== undefined && fs.existsSync(place));

/** @param executable as found by `findChromium` */
export async function launchChromium(executable: string) {
  // A development dependency: what is installed as a package has none of it.
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: executable, args: FLAGS });
}
