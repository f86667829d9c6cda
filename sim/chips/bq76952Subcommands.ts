/** Subcommands of the TI BQ76952 (technical reference manual SLUUBY2B, sections 9 and 12): a code that the host writes, with data or for an answer. */
import type { Bq76952Balancing } from './bq76952Balancing';
import type { Bq76952Charge } from './bq76952Charge';
import type { Bq76952Memory } from './bq76952Memory';
import type { Bq76952Protections } from './bq76952Protections';
import { SUBCOMMAND, type Bq76952Registers } from './bq76952Registers';
import { FET_EN, HOST_ALL, type Bq76952Switches } from './bq76952Switches';

const DEVICE_NUMBER = 0x0001;
const MANUFACTURING_STATUS = 0x0057;
const DASTATUS6 = 0x0076;
const CB_ACTIVE_CELLS = 0x0083;
const CBSTATUS1 = 0x0085;
const FET_CONTROL = 0x0097;

const ANSWERING = [DEVICE_NUMBER, MANUFACTURING_STATUS, DASTATUS6, CB_ACTIVE_CELLS, CBSTATUS1];

/** Times of section 9.4 [ms]; of data memory assumed. */
const ANSWER_MS: Record<number, number> = { [DEVICE_NUMBER]: 0.4, [DASTATUS6]: 0.66 };
const OTHER_ANSWER_MS = 0.45;

/** What a subcommand may do to the part as a whole. */
interface Whole {
  resetByCommand(time_ms: number): void;
  /** Into CONFIG_UPDATE, or out of it. */
  update(wanted: boolean, time_ms: number): void;
  communicate(): void;
  undefinedAccess(what: string): void;
}

export class Bq76952Subcommands {
  /** Bus time at which the answer is there [ms]. */
  private answerAt_ms = Infinity;

  constructor(
    private readonly whole: Whole,
    private readonly registers: Bq76952Registers,
    private readonly memory: Bq76952Memory,
    private readonly switches: Bq76952Switches,
    private readonly protections: Bq76952Protections,
    private readonly balancing: Bq76952Balancing,
    private readonly charge: Bq76952Charge,
  ) {}

  /** An answer is under way. */
  get busy(): boolean {
    return this.answerAt_ms !== Infinity;
  }

  /** The answer that is under way is not given. */
  cancel(): void {
    this.answerAt_ms = Infinity;
  }

  begin(code: number, time_ms: number): void {
    this.cancel();
    if (this.memory.has(code) || ANSWERING.includes(code))
      this.answerAt_ms = time_ms + (ANSWER_MS[code] ?? OTHER_ANSWER_MS);
    else this.act(code, time_ms);
  }

  /** Gives the answer that is due by then. */
  settle(time_ms: number): void {
    if (time_ms < this.answerAt_ms) return;
    this.cancel();
    // From now on the host finds the subcommand where it wrote it.
    const code = this.registers.word(SUBCOMMAND);
    this.registers.answer(code, this.answerTo(code));
  }

  /** The host has written checksum and length of data: they count. */
  commit(updating: boolean): void {
    const data = this.registers.written();
    if (data === undefined) return;
    const code = this.registers.word(SUBCOMMAND);
    const { length } = data;
    if (this.memory.has(code)) {
      if (!updating) this.whole.undefinedAccess('data memory is written in CONFIG_UPDATE only');
      else this.memory.write(code, data);
    } else if (code === FET_CONTROL && length === 1) {
      this.switches.permit(data[0]! & HOST_ALL);
    } else if (code === CB_ACTIVE_CELLS && length === 2) {
      this.balancing.ask(data[0]! | (data[1]! << 8));
    } else {
      this.whole.undefinedAccess(`subcommand 0x${code.toString(16)} takes no ${length} bytes`);
    }
  }

  private act(code: number, time_ms: number): void {
    switch (code) {
      case 0x0012: // RESET
        return this.whole.resetByCommand(time_ms);
      case 0x0022: // FET_ENABLE
        this.switches.enabled = !this.switches.enabled;
        return this.switches.open();
      case 0x0082: // RESET_PASSQ
        return this.charge.reset();
      case 0x0090: // SET_CFGUPDATE
        this.switches.charge = this.switches.discharge = false;
        return this.whole.update(true, time_ms);
      case 0x0092: // EXIT_CFGUPDATE
        return this.whole.update(false, time_ms);
      case 0x0093: // DSG_PDSG_OFF
        return this.switches.permit(this.switches.hostOff | 0x03);
      case 0x0094: // CHG_PCHG_OFF
        return this.switches.permit(this.switches.hostOff | 0x0c);
      case 0x0095: // ALL_FETS_OFF
        return this.switches.permit(HOST_ALL);
      case 0x0096: // ALL_FETS_ON
        return this.switches.permit(0);
      case 0x0099: // SLEEP_ENABLE
      case 0x009a: // SLEEP_DISABLE
        return;
      case 0x009b: // OCDL_RECOVER
        return this.protections.release('overCurrent');
      case 0x009c: // SCDL_RECOVER
        return this.protections.release('short');
      case 0x29bc: // SWAP_COMM_MODE
        return this.whole.communicate();
      case FET_CONTROL:
        return;
      default:
        this.whole.undefinedAccess(`subcommand 0x${code.toString(16)} is not in the model`);
    }
  }

  private answerTo(code: number): Uint8Array {
    if (this.memory.has(code)) return this.memory.block(code);
    const word = (value: number): Uint8Array => Uint8Array.of(value, value >> 8);
    switch (code) {
      case DEVICE_NUMBER:
        return word(0x7695);
      case MANUFACTURING_STATUS:
        return word((this.switches.enabled ? FET_EN : 0) | 0x40);
      case DASTATUS6:
        return this.charge.block();
      case CB_ACTIVE_CELLS:
        return word(this.balancing.active);
      case CBSTATUS1:
        return word(this.balancing.active_s);
      default:
        return word(0);
    }
  }
}
