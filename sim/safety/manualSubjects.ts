/** The rows of the fault table by what they are about, in the order in which the manual tells of them. */
import { Fault } from '../../firmware/protect/faults';
import { FAULT_TABLE, type FaultRow } from '../../firmware/protect/table';
import { LIMITS as HOST } from '../campaign/limits';
import { HEAT_S, lasting_s, MOST_OF_LASTING } from './manualConstants';
import { LIMITS } from './manualLevels';
import { short } from './manualText';

export interface Subject {
  title: string;
  /** What a reader should know before the table. */
  about: string;
  rows: readonly FaultRow[];
}

/** A current between the lasting limit and the trip level of the reference cell. */
const EXAMPLE_MA = 3600;
const LASTING_MA = LIMITS.lastingDischarge_mA;

const rowsOf = (...faults: Fault[]): FaultRow[] => faults.map((fault) => FAULT_TABLE[fault - 1]!);

export const SUBJECTS: readonly Subject[] = [
  {
    title: 'Cell voltage',
    about:
      'Watched at every fresh sample of the current monitor. A pack watches its highest and its lowest cell, a channel its only one.',
    rows: rowsOf(
      Fault.OverVoltage,
      Fault.UnderVoltage,
      Fault.DeepDischarge,
      Fault.Imbalance,
      Fault.OpenSenseWire,
      Fault.OutOfRange,
      Fault.ImpossibleSlope,
      Fault.VoltagesDisagree,
    ),
  },
  {
    title: 'Current',
    about:
      "Charge and discharge have limits of their own. Short circuits are the front end's: no firmware is fast enough. A current above the " +
      `lasting limit (\`lastingCharge_mA\`, \`lastingDischarge_mA\`) warms; after a rest it may flow for\n\n` +
      `    ${short(HEAT_S)} s / ((current / lasting limit)^2 - 1)\n\n` +
      `before its row trips. Here the lasting limit of the discharge is ${short(LASTING_MA)} mA: ${EXAMPLE_MA} mA may flow for ` +
      `${lasting_s(EXAMPLE_MA / LASTING_MA).toFixed(0)} s; of any cell a tenth more than the limit for ${lasting_s(1.1).toFixed(0)} s. More than ` +
      `${MOST_OF_LASTING} times the limit counts as ${MOST_OF_LASTING} times, ${lasting_s(MOST_OF_LASTING).toFixed(1)} s: a single wrong reading ` +
      'must not fill the row, and so large a current is for the rows of over-current. Below the limit the same law takes away what has ' +
      `gathered, all of it in ${short(HEAT_S)} s without a current. The table has it as a share of what is allowed; the row warns and limits from ` +
      'half of it on.',
    rows: rowsOf(
      Fault.OverChargeCurrent,
      Fault.OverDischargeCurrent,
      Fault.LastingChargeCurrent,
      Fault.LastingDischargeCurrent,
      Fault.FrontEnd,
      Fault.CurrentWhenOpen,
      Fault.CurrentNotFollowing,
      Fault.ChargeCountDisagrees,
    ),
  },
  {
    title: 'Temperature',
    about:
      'The thermistor on the cell is read at every fourth tick. A second one, on another converter, is the second opinion. Charge has narrower ' +
      'limits than discharge, because lithium that is plated in the cold grows rough. How cold is too cold depends on the rate, which no ' +
      `limit knows: the default of ${LIMITS.chargeUnderTemperature_C} degC (\`chargeUnderTemperature_C\`) is a property of no cell, only where the ` +
      `simulated ones end (\`--temperature\` takes ${HOST.temperature_C.min} to ${HOST.temperature_C.max} degC). Between 0 degC and there only the row ` +
      '[plating too fast for the temperature](#plating-too-fast-for-the-temperature) holds rate against temperature; it needs a model of the ' +
      'cell, it only warns, and a pack does not look at it. Give the temperatures of your cell.',
    rows: rowsOf(
      Fault.OverTemperature,
      Fault.UnderTemperature,
      Fault.ChargeOverTemperature,
      Fault.ChargeUnderTemperature,
      Fault.TemperatureSlope,
      Fault.ThermistorOpen,
      Fault.ThermistorShort,
      Fault.ThermistorStuck,
      Fault.TemperaturesDisagree,
      Fault.BoardTemperature,
    ),
  },
  {
    title: 'Lithium metal',
    about:
      'What ends lithium-metal cells, found by the [watchers](watchers.md) from charge balance, rest voltages and heat. A watcher needs ' +
      'minutes to cycles to be sure, and its page says how long and what it cannot see. The times here count from the moment at which the ' +
      'watcher is sure.',
    rows: rowsOf(Fault.SoftShort, Fault.SelfHeating, Fault.PolarizationRunaway, Fault.PlatingTooFast, Fault.EndOfLife),
  },
  {
    title: 'Data and bus',
    about:
      'No decision rests on a value without its age, and a missing value is never replaced by the one before. A transaction that fails is ' +
      'tried once more in its tick, after nine clocks that free the bus.',
    rows: rowsOf(
      Fault.InvalidData,
      Fault.StuckData,
      Fault.StaleData,
      Fault.StaleSlowData,
      Fault.NoAcknowledge,
      Fault.WrongChecksum,
      Fault.BusSlow,
      Fault.BusStuck,
      Fault.PartReset,
      Fault.WrongPart,
    ),
  },
  {
    title: 'Actuator',
    about: 'Set-point and switch pins are read back at every other tick.',
    rows: rowsOf(Fault.ActuatorMismatch, Fault.SwitchNotClosing, Fault.SetPointOutOfRange),
  },
  {
    title: 'System',
    about: 'The controller, its time, its memory, its configuration and its records ([records](records.md)).',
    rows: rowsOf(
      Fault.TickOverrun,
      Fault.ClockJump,
      Fault.MemoryLow,
      Fault.ResetStorm,
      Fault.BrownOut,
      Fault.SelfTestFailed,
      Fault.ConfigurationInvalid,
      Fault.ConfigurationUnsigned,
      Fault.StoreCorrupt,
      Fault.FlashWorn,
    ),
  },
];
