/** The rows of the fault table by what they are about, in the order in which the manual tells of them. */
import { Fault } from '../../firmware/protect/faults';
import { FAULT_TABLE, type FaultRow } from '../../firmware/protect/table';
import { lasting_s } from './manualConstants';
import { short } from './manualText';

export interface Subject {
  title: string;
  /** What a reader should know before the table. */
  about: string;
  rows: readonly FaultRow[];
}

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
      'Charge and discharge have limits of their own. Above the lasting limit (`lastingCharge_mA`, `lastingDischarge_mA`) current gathers ' +
      `heat with its square, below it loses it: a tenth above the limit may flow for ${short(lasting_s(1.1))} s, twice the limit for ` +
      `${short(lasting_s(2))} s. Short circuits are the front end's: no firmware is fast enough.`,
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
      'limits than discharge, because lithium that is plated in the cold grows rough.',
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
