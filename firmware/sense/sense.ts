/**
 * Reading the channel's parts. Every value carries the time it was taken; a value that could not be read keeps its old time
 * and so grows old, and what is decided on it stops (see protect/).
 *
 * Voltage, current and freshness are read at every tick. The slow readings take turns, one every other tick; every second turn is
 * the cell's temperature. Voltage and current are tried once more in the tick in which they fail.
 */
import type { CyclerBoard, CyclerWires } from '../../hal/boards/cycler';
import {
  Ina228Flag,
  ina228Charge_mC,
  ina228DieTemperature_C,
  ina228Holds,
  ina228Sample,
  type Ina228,
} from '../../hal/chips/ina228';
import { ads1115Ready, ads1115Result_mV, ads1115Start, type Ads1115 } from '../../hal/chips/ads1115';
import { thermistor_C } from '../../hal/chips/thermistor';

/** The fields that every tick looks at stand first: the interpreter searches in order. */
export interface Sense {
  /** Time of the last fresh voltage and current. */
  at_ms: number;
  voltage_mV: number;
  /** Discharge positive. */
  current_mA: number;
  /** Whether a slow reading is due in this tick. */
  slowDue: boolean;
  /** The front end's flags as they were read last. */
  status: number;
  /** A result that did not fit its register, the part lost its settings, or the part's memory checksum failed. */
  invalid: boolean;
  ina: Ina228;
  /** Whose turn it was among the slow readings, which turn of the round, and when each was last taken [ms]. */
  slow: Slow;
  turn: number;
  slowAt_ms: Float64Array;
  /** Cell temperature, from the ADS1115. */
  temperature_C: number;
  /** Ticks in a row in which voltage and current could not be read, and in which no other part answered either. */
  failedTicks: number;
  stuckTicks: number;
  wires: CyclerWires;
  board: CyclerBoard;
  ads: Ads1115;
  /** Of the thermistor's divider as it was read last, for a sensor that no longer moves. */
  thermistor_mV: number;
  /** How far the controller's own ADC, the coarse second opinion, is from it. */
  temperatureGap_C: number;
  /**
   * How far its voltage was from the INA228's when it was taken: at the last reading, and the lesser of the last two, which a
   * voltage in swift motion does not enlarge.
   */
  lastGap_mV: number;
  voltageGap_mV: number;
  /** Surroundings, by the INA228's die: a little warmer than the board. */
  ambient_C: number;
  /** Charge accumulated by the INA228 [mC]. */
  chipCharge_mC: number;
  /** Whether the INA228 kept its settings; false after it reset itself. */
  settingsHold: boolean;
  /** Failed transactions since start. */
  busErrors: number;
}

/** The slow readings, in the order of their turns. */
export enum Slow {
  Temperature,
  CoarseTemperature,
  CoarseVoltage,
  ChipCharge,
  Settings,
  Ambient,
  length,
}
/** The temperature is read between all others. */
const TURNS = 2 * (Slow.length - 1);

/** A conversion of the ADS1115 takes 8 ms; asking whether it is done takes at least 0.1 ms at 400 kHz. */
const ADS_POLLS = 200;

/** Takes each slow reading once, so that no value is ever unknown. @throws when a part does not answer */
export function createSense(board: CyclerBoard, wires: CyclerWires, ina: Ina228, now_ms: number): Sense {
  const sense: Sense = {
    at_ms: now_ms,
    voltage_mV: 0,
    current_mA: 0,
    slowDue: false,
    status: 0,
    invalid: false,
    ina: ina,
    slow: Slow.Temperature,
    turn: TURNS - 1,
    slowAt_ms: new Float64Array(Slow.length),
    temperature_C: 0,
    failedTicks: 0,
    stuckTicks: 0,
    wires: wires,
    board: board,
    ads: { bus: wires.bus, address: board.ads1115.address },
    thermistor_mV: 0,
    temperatureGap_C: 0,
    lastGap_mV: 0,
    voltageGap_mV: 0,
    ambient_C: 0,
    chipCharge_mC: 0,
    settingsHold: true,
    busErrors: 0,
  };
  ads1115Start(sense.ads, board.ads1115.input);
  let polls = 0;
  while (!ads1115Ready(sense.ads)) {
    polls++;
    if (polls > ADS_POLLS) throw new Error('ADS1115 conversion does not end');
  }
  for (let turn = 0; turn < TURNS; turn++) readSlow(sense, now_ms);
  // The voltage is not known before the first tick: there is nothing yet to compare the coarse one with.
  sense.lastGap_mV = 0;
  return sense;
}

/** One round of readings. Never throws: a failed transaction is counted, and its value grows old. */
export function readSensors(sense: Sense, now_ms: number): void {
  sense.slowDue = !sense.slowDue;
  try {
    readSample(sense, now_ms);
    sense.failedTicks = 0;
    sense.stuckTicks = 0;
  } catch (_) {
    tryAgain(sense, now_ms);
  }
  if (!sense.slowDue) return;
  try {
    readSlow(sense, now_ms);
  } catch (_) {
    sense.busErrors++;
    sense.wires.recoverBus();
  }
}

function tryAgain(sense: Sense, now_ms: number): void {
  sense.busErrors++;
  sense.wires.recoverBus();
  try {
    readSample(sense, now_ms);
    sense.failedTicks = 0;
    sense.stuckTicks = 0;
  } catch (_) {
    sense.busErrors++;
    sense.failedTicks++;
    sense.stuckTicks = otherAnswers(sense) ? 0 : sense.stuckTicks + 1;
  }
}

function readSample(sense: Sense, now_ms: number): void {
  if (!ina228Sample(sense.ina, sense)) return;
  sense.at_ms = now_ms;
  // A part that reset itself has lost its latch.
  sense.invalid =
    (sense.status & (Ina228Flag.MathOverflow | Ina228Flag.MemoryOk | Ina228Flag.Latched)) !==
    (Ina228Flag.MemoryOk | Ina228Flag.Latched);
}

/** Whether another part than the current monitor is there: then it is the part that fails, not the bus. */
function otherAnswers(sense: Sense): boolean {
  try {
    sense.wires.bus.readFrom(sense.board.dac.address, 1);
    return true;
  } catch (_) {
    return false;
  }
}

/** The next slow reading; one that fails keeps its old time. */
function readSlow(sense: Sense, now_ms: number): void {
  const turn = sense.turn === TURNS - 1 ? 0 : sense.turn + 1;
  const slow = turn % 2 === 0 ? Slow.Temperature : (turn + 1) / 2;
  sense.turn = turn;
  sense.slow = slow;
  if (slow === Slow.Temperature) {
    if (!readTemperature(sense)) return;
  } else if (slow === Slow.CoarseTemperature) readCoarseTemperature(sense);
  else if (slow === Slow.CoarseVoltage) readCoarseVoltage(sense);
  else if (slow === Slow.ChipCharge) sense.chipCharge_mC = ina228Charge_mC(sense.ina);
  else if (slow === Slow.Settings) sense.settingsHold = ina228Holds(sense.ina);
  else sense.ambient_C = ina228DieTemperature_C(sense.ina);
  sense.slowAt_ms[slow] = now_ms;
}

function readTemperature(sense: Sense): boolean {
  if (!ads1115Ready(sense.ads)) return false;
  const board = sense.board;
  sense.thermistor_mV = ads1115Result_mV(sense.ads);
  sense.temperature_C = thermistor_C(board.thermistor, sense.thermistor_mV / board.ads1115.supply_mV);
  ads1115Start(sense.ads, board.ads1115.input);
  return true;
}

function readCoarseTemperature(sense: Sense): void {
  const board = sense.board;
  const fraction = sense.wires.thermistorAdc.read() * board.coarseThermistor.gain + board.coarseThermistor.offset;
  sense.temperatureGap_C = Math.abs(thermistor_C(board.thermistor, fraction) - sense.temperature_C);
}

function readCoarseVoltage(sense: Sense): void {
  const coarse = sense.board.coarseVoltage;
  const gap_mV = Math.abs(sense.wires.cellAdc.read() * coarse.gain_mV + coarse.offset_mV - sense.voltage_mV);
  sense.voltageGap_mV = Math.min(gap_mV, sense.lastGap_mV);
  sense.lastGap_mV = gap_mV;
}
