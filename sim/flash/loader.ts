/** The boot code of a board: the same for every board and every version of the firmware (firmware/loader). */
import { join } from 'node:path';
import { packageFolder } from '../build/build';
import { bundleFirmware } from '../build/bundle';

/** Starts what the loader chose. The code stays in flash, evaluated from there outside of any function. */
const START = 'if(global.calderaSlot)eval(require("Storage").read(calderaSlot+"main"));\n';

export async function loaderCode(): Promise<string> {
  const { code } = await bundleFirmware({ entry: join(packageFolder(), 'firmware/loader/loader.ts'), minify: true });
  return code + START;
}
