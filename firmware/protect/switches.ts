/**
 * The state of the switches, as a pure function of state and event: nothing else decides whether current may flow at all.
 *
 *   off -> self-test -> idle <-> charge, (precharge ->) discharge        any but off and ship --trip--> fault
 *   fault --released--> recovery --healthy--> idle                       idle, fault --ship--> ship --wake--> self-test
 */
export enum Switch {
  Off,
  SelfTest,
  Precharge,
  Idle,
  Charge,
  Discharge,
  Fault,
  /** The cause is gone; the switches stay open a little longer, while everything must stay quiet. */
  Recovery,
  /** Asleep for transport: nothing closes before `Wake`. */
  Ship,
  length,
}

/** What may change the state of the switches. */
export enum SwitchEvent {
  PowerOn,
  TestPassed,
  TestFailed,
  /** What is wished for: a current in, a current out, none. */
  WishCharge,
  WishDischarge,
  WishNone,
  /** The load's capacitors are full. */
  Precharged,
  /** A row with the action `Open` has tripped. */
  Trip,
  /** No such row is tripped any more. */
  Released,
  /** Nothing has tripped for the time of recovery. */
  Healthy,
  Ship,
  Wake,
  length,
}

/**
 * The state after `event`. An event that means nothing in a state leaves it. A change of direction goes through the actuator,
 * which breaks before it makes.
 * @param precharges whether the board fills the load's capacitors through a resistor first
 */
export function nextSwitch(state: Switch, event: SwitchEvent, precharges: boolean): Switch {
  // Asleep or off, nothing is closed that a fault could open, and only its own event ends it.
  if (state === Switch.Off) return event === SwitchEvent.PowerOn ? Switch.SelfTest : state;
  if (state === Switch.Ship) return event === SwitchEvent.Wake ? Switch.SelfTest : state;
  if (event === SwitchEvent.Trip || event === SwitchEvent.TestFailed) return Switch.Fault;
  if (state === Switch.SelfTest) return event === SwitchEvent.TestPassed ? Switch.Idle : state;
  if (state === Switch.Fault) {
    if (event === SwitchEvent.Ship) return Switch.Ship;
    return event === SwitchEvent.Released ? Switch.Recovery : state;
  }
  if (state === Switch.Recovery) return event === SwitchEvent.Healthy ? Switch.Idle : state;
  if (event === SwitchEvent.WishNone) return Switch.Idle;
  if (event === SwitchEvent.WishCharge) return Switch.Charge;
  if (event === SwitchEvent.WishDischarge) {
    if (state === Switch.Discharge || !precharges) return Switch.Discharge;
    return Switch.Precharge;
  }
  if (event === SwitchEvent.Precharged) return state === Switch.Precharge ? Switch.Discharge : state;
  // A pack is shipped at rest: a current that flows is not cut by it.
  if (event === SwitchEvent.Ship) return state === Switch.Idle ? Switch.Ship : state;
  return state;
}
