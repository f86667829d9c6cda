/** Runs the scenario on the interpreter's own flash. `task` and `from` are set before it. */
import { crc32, inSmallPages, recordArea } from '../../hal/espruino/flash';
import { live, tell } from './scenario';

declare const task: string;
declare const from: number;
declare function print(text: string): void;

const say = (text: string): void => print('#' + text);
const records = tell(recordArea(inSmallPages), crc32(), say);
if (task === 'live') {
  live(records, from, 150);
  tell(recordArea(inSmallPages), crc32(), say);
}

// A module: the bundler would wrap a script.
export {};
