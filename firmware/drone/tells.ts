/**
 * Which rows of the fault table a flight controller is told of, and as what (docs/drone-link.md has the table). Not resident.
 *
 * PX4 says "Land now!" at any fault bit while it is armed: in flight a bit is set for what is worth it, and for nothing that is a
 * warning. On the ground, where the pack shall not take off, every row that would keep it there is told.
 */
import { MavFault } from '../mavlink/told';
import { Fault } from '../protect/faults';

/** What a tripped row tells, a mask: those told in flight are the highest numbers. */
export enum Tells {
  Nothing = 0,
  /** The bits of MavFault. */
  Bits = 0x3f,
  /** Without a bit that says what: usage is discouraged. */
  Unhealthy = 0x40,
  /** Damage is done or unavoidable. */
  Failed = 0x80,
  /** In flight, too. */
  InFlight = 0x100,
}

/** By row. */
export function tellsOfRows(): Uint16Array {
  const tells = new Uint16Array(Fault.length);
  // Whoever cannot be trusted, and whatever keeps a pack on the ground, is told there.
  tells.fill(Tells.Unhealthy, 1);
  const silent = [
    Fault.ChargeOverTemperature,
    Fault.ChargeUnderTemperature,
    Fault.LastingChargeCurrent,
    Fault.LastingDischargeCurrent,
    Fault.UnderVoltage,
    Fault.OverVoltage,
    Fault.BusSlow,
    Fault.TickOverrun,
    Fault.ClockJump,
    Fault.FlashWorn,
    Fault.StoreCorrupt,
    Fault.BrownOut,
    Fault.EndOfLife,
    Fault.PlatingTooFast,
  ];
  for (let k = 0; k < silent.length; k++) tells[silent[k]] = Tells.Nothing;
  tells[Fault.DeepDischarge] = Tells.InFlight + Tells.Failed + Tells.Unhealthy + MavFault.DeepDischarge;
  tells[Fault.OverTemperature] = Tells.InFlight + Tells.Unhealthy + MavFault.OverTemperature;
  tells[Fault.SelfHeating] = Tells.InFlight + Tells.Failed + Tells.Unhealthy + MavFault.CellFail;
  tells[Fault.FrontEnd] = Tells.InFlight + Tells.Unhealthy + MavFault.OverCurrent;
  tells[Fault.StaleData] = Tells.InFlight + Tells.Unhealthy;
  tells[Fault.OverDischargeCurrent] = Tells.Unhealthy + MavFault.OverCurrent;
  tells[Fault.OverChargeCurrent] = Tells.Unhealthy + MavFault.OverCurrent;
  tells[Fault.UnderTemperature] = Tells.Unhealthy + MavFault.UnderTemperature;
  tells[Fault.ImpossibleSlope] = Tells.Unhealthy + MavFault.Spikes;
  tells[Fault.OutOfRange] = Tells.Unhealthy + MavFault.CellFail;
  tells[Fault.SoftShort] = Tells.Unhealthy + MavFault.CellFail;
  tells[Fault.PolarizationRunaway] = Tells.Unhealthy + MavFault.CellFail;
  return tells;
}
