/** Runs the scenario on the interpreter's own flash. `task` and `from` are set before it. */
import { crc32, recordArea } from '../../hal/espruino/flash';
import { live, tell } from './scenario';

declare const task: string;
declare const from: number;
declare function print(text: string): void;

const say = (text: string): void => print('#' + text);
const records = tell(recordArea(), crc32(), say);
if (task === 'live') {
  live(records, from, 150);
  tell(recordArea(), crc32(), say);
}
