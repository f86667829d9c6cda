/**
 * How the current divides among the patches of the copper: all sit at one potential, and each carries what its kinetics, its
 * interphase, its layer of inactive lithium and the concentration in front of it allow.
 *
 * A patch that runs empty loses coverage; what is left of it must take the local current, and the electrolyte in front of it
 * saturates, so that its share goes to the others. The knee at the end of a discharge is that.
 */
import type { Electrolyte } from './electrolyte';
import type { DetailedParameters } from './parameters';
import { PATCHES, SHARE, type Factors, type Patches } from './patches';

/** Thickness of dense lithium [um cm2/mAh]. */
const DENSE_UM = 4.85;
/** Means of six equal parts of the standard normal distribution: where the patches stand in it. */
const STANDARD = [-1.4999, -0.6775, -0.2127, 0.2127, 0.6775, 1.4999];

/** Less than this is no current. */
const NO_CURRENT_MA_CM2 = 1e-9;
const NEWTON_STEPS = 40;
const HALVINGS = 20;
/** Newton decrement per current [V] at which the common potential is found: its own error is far smaller. */
const SOLVED_V = 1e-8;
/** A Newton step changes no patch's current by more than this many times the cell's: where potentials diverge, slopes mislead. */
const LONGEST_STEP = 10;
/** Of the way to running a patch empty, a Newton step goes no further than this. */
const TO_THE_EDGE = 0.9;
/** A patch with less than this is empty. */
const EMPTY_MAH_CM2 = 1e-10;
/** Potential [V] when there is no lithium left for the current that is asked for; none is told that is larger. */
const EXHAUSTED_V = 3;
/** Slope that lets nothing through a patch that a step would empty [V cm2/mA]. */
const IMPASSABLE = 1e9;

export class Currents {
  /** Potential of the copper against lithium in the electrolyte at rest [V], and its part from concentration. */
  potential_V = 0;
  concentration_V = 0;
  /** Concentration at the lithium over that at rest, mean over the current. */
  meanY = 1;
  /** How far the electrolyte in front of each patch is below its concentration at rest. */
  readonly depletion = new Float64Array(PATCHES);

  /** State: how far Z = D / D0 falls from the electrolyte's edge to each patch. */
  private readonly fall = new Float64Array(PATCHES);
  // Per patch, of the last evaluation.
  private readonly newFall = new Float64Array(PATCHES);
  private readonly eta = new Float64Array(PATCHES);
  private readonly slope = new Float64Array(PATCHES);
  private readonly activity = new Float64Array(PATCHES);
  // Per patch, changed by side reactions and temperature only.
  private readonly exchange = new Float64Array(PATCHES);
  private readonly zPerCurrent = new Float64Array(PATCHES);
  private readonly resistance = new Float64Array(PATCHES);
  // Work space.
  private readonly trial = new Float64Array(PATCHES);
  private readonly change = new Float64Array(PATCHES);
  private readonly spread: readonly number[];
  private readonly layerPerInactive_um: number;
  /** Time in which the constriction in front of a patch follows the current [s], and how far it does in the step. */
  private constriction_s = 0;
  private follows = 1;

  constructor(
    private readonly d: DetailedParameters,
    private readonly patches: Patches,
    private readonly electrolyte: Electrolyte,
  ) {
    this.spread = STANDARD.map((z) => Math.exp(d.spread * z));
    this.layerPerInactive_um = DENSE_UM / ((1 - d.epsLayer) * Math.pow(d.epsLayer, d.brug));
  }

  copyFrom(other: Currents): void {
    this.potential_V = other.potential_V;
    this.concentration_V = other.concentration_V;
    this.meanY = other.meanY;
    this.depletion.set(other.depletion);
    this.fall.set(other.fall);
    this.constriction_s = other.constriction_s;
    this.exchange.set(other.exchange);
    this.zPerCurrent.set(other.zPerCurrent);
    this.resistance.set(other.resistance);
  }

  /** Length of free electrolyte [um] that hinders as much as the dead layer and the constriction over a covered patch do. */
  get hindrance_um(): number {
    return this.layerPerInactive_um * Math.max(0, this.patches.agedTotal) + this.d.loc;
  }

  /** What follows from temperature and the inactive lithium on the patches. */
  refresh(factors: Factors): void {
    const { d, electrolyte } = this;
    // Slowest mode of a layer of that length.
    this.constriction_s = ((2 / Math.PI) ** 2 * (d.loc * 1e-4) ** 2) / (d.D0 * factors.fD);
    for (let k = 0; k < PATCHES; k++) {
      const layer_um = this.layerPerInactive_um * this.patches.aged(k);
      this.exchange[k] = 2 * d.i0 * factors.fi0 * this.spread[k]!;
      this.zPerCurrent[k] = electrolyte.zPerCurrentLength * (layer_um + d.loc);
      // um / (S/m) = 1e-2 ohm cm2; potentials in V, currents in mA.
      this.resistance[k] = (d.rFilm + (layer_um * 1e-2) / (d.kappa0 * factors.fD)) / 1000;
    }
  }

  /** Finds what each patch carries of `i` [mA/cm2] over `dt_s` and takes it from their lithium. */
  carry(i: number, dt_s: number, factors: Factors): void {
    const { fall } = this;
    const { current, gathered } = this.patches;
    const perHour = dt_s / 3600;
    this.follows = dt_s / (dt_s + this.constriction_s);
    if (Math.abs(i) < NO_CURRENT_MA_CM2) this.rest(i);
    else {
      if (this.guess(i, perHour)) this.solve(i, perHour, factors);
      else this.exhaust(i);
      this.addUp(i);
      fall.set(this.newFall);
    }
    for (let k = 0; k < PATCHES; k++) gathered[k] = gathered[k]! + current[k]! * perHour;
  }

  /** Currents of the patches are `i` together, to rounding: what their solution leaves over goes to the patch with most lithium. */
  private addUp(i: number): void {
    const { current, active } = this.patches;
    let sum = 0;
    let fullest = 0;
    for (let k = 0; k < PATCHES; k++) {
      sum += current[k]!;
      if (active[k]! > active[fullest]!) fullest = k;
    }
    current[fullest] = current[fullest]! + (i / SHARE - sum);
  }

  /** Without current, what is left of the concentration in front of the patches evens out. */
  private rest(i: number): void {
    const { fall, electrolyte } = this;
    this.patches.current.fill(i);
    let activity = 0;
    let y = 0;
    for (let k = 0; k < PATCHES; k++) {
      fall[k] = fall[k]! * (1 - this.follows);
      const atPatch = electrolyte.concentration(electrolyte.copperZ - fall[k]!);
      activity += electrolyte.activity(atPatch);
      y += atPatch;
    }
    this.meanY = y * SHARE;
    this.potential_V = this.concentration_V = electrolyte.scale_V * activity * SHARE;
  }

  /** The last currents, scaled, and within what every patch can carry. @returns false when they cannot carry `i` together */
  private guess(i: number, perHour: number): boolean {
    const { current } = this.patches;
    let sum = 0;
    let alike = true;
    for (let k = 0; k < PATCHES; k++) {
      sum += current[k]! * SHARE;
      alike &&= current[k]! * i > 0;
    }
    // Currents that ran against each other say nothing about those of another current.
    if (!alike) current.fill(i);
    else for (let k = 0; k < PATCHES; k++) current[k] = current[k]! * (i / sum);
    if (i < 0) return true;
    let missing = 0;
    let room = 0;
    for (let k = 0; k < PATCHES; k++) {
      const most = this.most(k, perHour);
      if (current[k]! > most) {
        missing += current[k]! - most;
        current[k] = most;
      } else room += most - current[k]!;
    }
    if (missing === 0) return true;
    if (room <= missing) return false;
    for (let k = 0; k < PATCHES; k++)
      current[k] = current[k]! + (missing * (this.most(k, perHour) - current[k]!)) / room;
    return true;
  }

  /** What a patch can be asked for at the outset. */
  private most(k: number, perHour: number): number {
    const left = this.patches.active[k]! - this.patches.gathered[k]!;
    return left > EMPTY_MAH_CM2 ? (TO_THE_EDGE * left) / perHour : 0;
  }

  /** Newton's method for the currents at one potential. It descends on a convex function, so that a shorter step always helps. */
  private solve(i: number, perHour: number, factors: Factors): void {
    const { trial, change, eta, slope } = this;
    const { current } = this.patches;
    let common = 0;
    let y = this.evaluate(i, perHour, factors);
    for (let step = 0; step < NEWTON_STEPS; step++) {
      let conductance = 0;
      let driven = 0;
      for (let k = 0; k < PATCHES; k++) {
        const conducts = 1 / slope[k]!;
        conductance += conducts;
        driven += eta[k]! * conducts;
      }
      common = driven / conductance;
      let decrement = 0;
      let largest = 0;
      for (let k = 0; k < PATCHES; k++) {
        const difference = common - eta[k]!;
        change[k] = difference / slope[k]!;
        decrement += change[k]! * difference;
        largest = Math.max(largest, Math.abs(change[k]!));
      }
      if (decrement * SHARE < SOLVED_V * Math.abs(i)) break;
      let reach = Math.min(i > 0 ? this.reach(perHour) : 1, (LONGEST_STEP * Math.abs(i)) / largest);
      trial.set(current);
      for (let halvings = 0; ; halvings++) {
        for (let k = 0; k < PATCHES; k++) current[k] = trial[k]! + reach * change[k]!;
        y = this.evaluate(i, perHour, factors);
        let uphill = 0;
        for (let k = 0; k < PATCHES; k++) uphill += eta[k]! * change[k]!;
        if (uphill <= 0.5 * decrement || halvings === HALVINGS) break;
        reach /= 2;
      }
    }
    let activity = 0;
    for (let k = 0; k < PATCHES; k++) activity += current[k]! * this.activity[k]!;
    this.meanY = (y * SHARE) / i;
    this.potential_V = common;
    this.concentration_V = (this.electrolyte.scale_V * activity * SHARE) / i;
    if (Math.abs(common) > EXHAUSTED_V) {
      this.concentration_V *= EXHAUSTED_V / Math.abs(common);
      this.potential_V = EXHAUSTED_V * Math.sign(common);
    }
  }

  /** Share of the Newton step that leaves every patch some lithium. */
  private reach(perHour: number): number {
    const { active, gathered, current } = this.patches;
    let reach = 1;
    for (let k = 0; k < PATCHES; k++) {
      const room = TO_THE_EDGE * ((active[k]! - gathered[k]!) / perHour - current[k]!);
      if (reach * this.change[k]! > room) reach = Math.max(0, room / this.change[k]!);
    }
    return reach;
  }

  /** Potential of every patch at its current, and its derivative. @returns sum of current times concentration */
  private evaluate(i: number, perHour: number, factors: Factors): number {
    const { electrolyte, eta, slope, exchange, zPerCurrent, resistance } = this;
    const { current, active, gathered } = this.patches;
    const { ah } = this.d;
    const { scale_V, copperZ } = electrolyte;
    const { follows } = this;
    const perCurrent = electrolyte.diffusiveShare * follows;
    const { rt2F_V } = factors;
    let sum = 0;
    for (let k = 0; k < PATCHES; k++) {
      const j = current[k]!;
      // On what is left of the patch at the end of the step: a patch that the step would empty becomes impassable.
      let local = j;
      let localSlope = 1;
      if (i > 0) {
        const left = active[k]! - gathered[k]! - j * perHour;
        if (left <= 0) {
          eta[k] = this.activity[k] = 0;
          slope[k] = IMPASSABLE;
          continue;
        }
        const cover = left / (left + ah);
        const covered = cover * Math.sqrt(cover);
        local = j / covered;
        localSlope = (1 + (1.5 * j * perHour * ah) / (left * (left + ah))) / covered;
      }
      const x = local / exchange[k]!;
      const root = Math.sqrt(1 + x * x);
      const transfer = x < 0 ? -Math.log(root - x) : Math.log(root + x);
      const perLocal = perCurrent * zPerCurrent[k]!;
      const fall = (1 - follows) * this.fall[k]! + perLocal * local;
      const z = copperZ - fall;
      this.newFall[k] = fall;
      const y = electrolyte.concentration(z);
      const activity = electrolyte.activity(y);
      this.depletion[k] = 1 - y;
      this.activity[k] = activity;
      sum += j * y;
      eta[k] = rt2F_V * transfer + resistance[k]! * j + scale_V * activity;
      const byLocal = rt2F_V / (root * exchange[k]!) - scale_V * electrolyte.activitySlope(y, z) * perLocal;
      slope[k] = byLocal * localSlope + resistance[k]!;
    }
    return sum;
  }

  /** More is asked for than there is: every patch gives in proportion, and the potential says so. */
  private exhaust(i: number): void {
    const { current, active, gathered } = this.patches;
    let left = 0;
    for (let k = 0; k < PATCHES; k++) left += Math.max(0, active[k]! - gathered[k]!) * SHARE;
    for (let k = 0; k < PATCHES; k++)
      current[k] = left > EMPTY_MAH_CM2 ? (i * Math.max(0, active[k]! - gathered[k]!)) / left : i;
    this.potential_V = this.concentration_V = EXHAUSTED_V;
    this.meanY = this.electrolyte.saturated;
    this.newFall.set(this.fall);
  }
}
