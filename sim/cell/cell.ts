/**
 * The reduced twin of an anode-free lithium-metal cell: one explicit step of any length.
 *
 * Current density i [mA/cm2] > 0 is discharge (stripping). Capacities in mAh/cm2, time in s, potentials in V. The equations,
 * their symbols, what they were fitted to and what they leave out stand in docs/model.md.
 *
 * Lithium is only ever moved: cathode + active + isolated + dead + SEI stays what it was (`lithium_mAh_cm2`).
 */
import type { CellProfile } from '../profiles/profile';
import { emptyCathode, ocvError_V, openCircuit, type OcvError } from './openCircuit';
import type { Plant } from './plant';
import { SideReactions } from './sideReactions';

/** Saturation of the electrolyte is kept off 1, where the logarithm ends. */
const SATURATION_CAP = 0.9999;
/** Side reactions are slow: with short time steps they are carried out once this much time has gathered. */
const SIDE_REACTION_STEP_S = 1;
/** Below this part of 1C the cell rests, whatever trickles through it: cells side by side never rest at zero current. */
const REST_BELOW_C = 0.02;
/** A short depends on lithium that is plated and drained through it: at most this share of its onset capacity moves at a time. */
const SHORT_PART = 0.002;
/** ... nor does a part last longer, while the short grows and otherwise: its growth ends within seconds where it takes all current. */
const SHORT_GROWS_S = 0.5;
const SHORT_HOLDS_S = 10;

/** asinh in the form that the device, which has no Math.asinh, uses too. */
export function asinh(x: number): number {
  return x < 0 ? -Math.log(Math.sqrt(x * x + 1) - x) : Math.log(x + Math.sqrt(x * x + 1));
}

/**
 * The reduced twin of an anode-free lithium-metal cell. It begins as it was built: discharged, at rest.
 *
 * Current density i [mA/cm2] > 0 is discharge (stripping). Equations and symbols: docs/model.md.
 */
export class Cell extends SideReactions implements Plant {
  /** Share of a step's charge after which the accessible area is taken: half of it makes the step second-order in the area. */
  protected readonly areaAfter: number = 0.5;
  private readonly ocvError: OcvError | undefined;

  /** What `advance` has gathered for the side reactions. */
  private heldCurrent = 0;
  private held_s = 0;
  /** Charge passed since then, and what it is counted from: adding up many small steps in place would gather rounding. */
  private heldCharge = 0;
  private heldFromActive = 0;
  private heldFromSoc = 0;
  /** Current density through the electrodes while `heldCurrent` flows at the terminals. */
  private inner = 0;

  constructor(profile: CellProfile, temperature_C = 25) {
    super(profile, temperature_C);
    this.ocvError = profile.ocvError;
    if (this.half) this.form();
    this.refresh();
    this.measure(0, 0);
  }

  /** Nominal areal capacity: 1C is this many mA/cm2. */
  get nominal_mAh_cm2(): number {
    return this.p.Qn;
  }

  /** Limiting stripping current now [mA/cm2]. */
  get limitingCurrent_mA_cm2(): number {
    if (this.temperature_C !== this.factorsAt_C) this.refresh();
    return this.iL;
  }

  /** Total electrolyte saturation w, -1 to 1. */
  get saturation(): number {
    return this.saturationSlow + this.saturationFast;
  }

  /** All lithium of the cell less what it was given; 0 to rounding for ever. */
  get lithium_mAh_cm2(): number {
    const metal = this.active + this.isolated + this.dead + this.sei - this.p.Ainit;
    if (!this.half)
      return metal - this.cathodeCapacity_mAh_cm2 * this.soc + (this.cathodeCapacity_mAh_cm2 - this.p.Qcat);
    return metal - (this.held_s > 0 ? this.supplied - this.heldCharge : this.supplied);
  }

  /**
   * One step of `dt_s` [s] at constant current density `i`, in mA/cm2 with discharge positive: everything of the model, once.
   * Afterwards `voltage_V` and the overpotentials are those at the end of the step.
   */
  step(i: number, dt_s: number): void {
    this.settle();
    const shorts = this.short_mS_cm2 > 0 || (i < 0 && this.active - (i * dt_s) / 3600 > this.p.Qshort);
    if (!shorts) this.part(i, i, dt_s);
    else for (let left_s = dt_s; left_s > 0;) left_s -= this.shortedPart(i, left_s);
  }

  /** One step at current density `i` at the terminals and `inner` through the electrodes. */
  private part(i: number, inner: number, dt_s: number): void {
    this.charge(inner, dt_s);
    this.sideReactions(inner, this.rests(i), dt_s);
    this.transport(inner, dt_s);
    this.refresh();
    if (inner > 0) this.markResidue(this.rests(i));
    this.measure(inner, dt_s);
  }

  /** As much of a step as the short may be taken as constant for. @returns how long that was [s] */
  private shortedPart(i: number, left_s: number): number {
    const { Qshort } = this.p;
    const about = this.throughShort(i, Math.min(left_s, SIDE_REACTION_STEP_S));
    const toOnset = this.short_mS_cm2 > 0 ? 0 : Qshort - this.active;
    let dt_s = left_s;
    if (toOnset > 0) dt_s = Math.min(dt_s, (3600 * (toOnset + SHORT_PART * Qshort)) / -i);
    else {
      const longest_s = about < 0 && this.active > Qshort ? SHORT_GROWS_S : SHORT_HOLDS_S;
      dt_s = Math.min(dt_s, longest_s, (3600 * SHORT_PART * Qshort) / Math.abs(about));
    }
    this.part(i, this.throughShort(i, dt_s), dt_s);
    return dt_s;
  }

  /**
   * The same for many short steps at a held current: charge, electrolyte and voltage at every call, side reactions gathered
   * and carried out once a second and whenever the current changes. Same model, one tenth of the work at 10 Hz.
   */
  advance(i: number, dt_s: number): void {
    if (i !== this.heldCurrent) {
      this.settle();
      this.heldCurrent = i;
    }
    if (this.held_s === 0) {
      this.heldFromActive = this.active;
      this.heldFromSoc = this.soc;
      this.heldCharge = 0;
      this.inner = this.short_mS_cm2 > 0 ? this.throughShort(i, SIDE_REACTION_STEP_S) : i;
    }
    const inner = this.inner;
    this.accessible = inner > 0 ? accessibleArea(this.active, this.p.ah, this.p.mA) : 1;
    this.heldCharge += (inner * dt_s) / 3600;
    this.active = this.heldFromActive - this.heldCharge;
    if (!this.half) this.soc = this.heldFromSoc - this.heldCharge / this.cathodeCapacity_mAh_cm2;
    this.held_s += dt_s;
    if (this.held_s >= SIDE_REACTION_STEP_S) this.settle();
    this.transport(inner, dt_s);
    this.measure(inner, dt_s);
  }

  /** Carries out the side reactions that `advance` has gathered. Call before copying or comparing states. */
  settle(): void {
    if (this.held_s === 0) return;
    if (this.half) this.supplied -= this.heldCharge;
    const rests = this.rests(this.heldCurrent);
    this.sideReactions(this.inner, rests, this.held_s);
    if (this.inner > 0) this.markResidue(rests);
    this.held_s = 0;
    this.refresh();
  }

  /** Takes over the whole state of another cell of the same profile. */
  copyFrom(other: Cell): void {
    other.settle();
    this.copyState(other);
    this.held_s = 0;
    this.refresh();
  }

  /** Another cell in the same state, which goes its own way. */
  clone(): Cell {
    const copy = new Cell(this.profile, this.temperature_C);
    copy.copyFrom(this);
    return copy;
  }

  /** Moves the charge itself between cathode and copper. */
  private charge(i: number, dt_s: number): void {
    const dq = (i * dt_s) / 3600;
    this.accessible = i > 0 ? accessibleArea(this.active - this.areaAfter * dq, this.p.ah, this.p.mA) : 1;
    this.active -= dq;
    if (this.half) this.supplied -= dq;
    else this.soc -= dq / this.cathodeCapacity_mAh_cm2;
  }

  /**
   * Current density through the electrodes when `i` flows at the terminals and the internal short takes its share. The short
   * sees the cell's voltage, which follows the current: one linear step from the last voltage, stable for any conductance.
   */
  private throughShort(i: number, dt_s: number): number {
    const p = this.p;
    const slope_V = (p.Rs + p.kR * this.inactiveNow) / 1000 + this.rt2F_V / (2 * p.i0a * this.fi0);
    // A full cell's voltage falls with the current and the short discharges it; a half cell's rises, and the short carries
    // current past the electrodes.
    const sign = this.half ? -1 : 1;
    const expected_V = this.voltage_V + sign * slope_V * (this.measuredAt - i);
    this.leak_mA_cm2 = (sign * this.short_mS_cm2 * expected_V) / (1 + this.short_mS_cm2 * slope_V);
    // There is no more to strip than there is lithium.
    const most = (Math.max(0, this.active) * 3600) / dt_s;
    if (i + this.leak_mA_cm2 > most) this.leak_mA_cm2 = Math.min(this.leak_mA_cm2, Math.max(0, most - i));
    return i + this.leak_mA_cm2;
  }

  private rests(i: number): boolean {
    return i < REST_BELOW_C * this.p.Qn && i > -REST_BELOW_C * this.p.Qn;
  }

  /** Electrolyte saturation (two modes) and the cathode's surface-to-bulk difference. */
  private transport(i: number, dt_s: number): void {
    const p = this.p;
    if (dt_s !== this.coefficientsFor_s) this.coefficients(dt_s);
    const n = i / this.iL / this.accessible;
    this.saturationSlow += (p.g1 * n - this.saturationSlow) * this.kSlow;
    this.saturationFast += ((1 - p.g1) * n - this.saturationFast) * this.kFast;
    const w = this.saturationSlow + this.saturationFast;
    if (w > SATURATION_CAP || w < -SATURATION_CAP) {
      const scale = SATURATION_CAP / Math.abs(w);
      this.saturationSlow *= scale;
      this.saturationFast *= scale;
    }
    this.cathodeLag +=
      (((i / (3600 * this.cathodeCapacity_mAh_cm2)) * p.taud) / this.fSol - this.cathodeLag) * this.kCathode;
  }

  /** Voltage and overpotentials at current density `i` from the state as it stands. */
  private measure(i: number, dt_s: number): void {
    const p = this.p;
    this.measuredAt = i;
    const w = this.saturationSlow + this.saturationFast;
    this.etaConc_V = this.concScale_V * Math.log((1 + w) / (1 - w));
    const exchange = 2 * p.i0a * this.fi0 * (p.sig0 + (1 - p.sig0) * this.overlap) * this.wetted;
    const transfer = i === 0 ? 0 : this.rt2F_V * asinh(i / (exchange * this.accessible));
    this.chargeTransfer_V += (transfer - this.chargeTransfer_V) * (dt_s === 0 ? 1 : this.kTransfer);
    this.etaFast_V = (i * (p.Rs + p.kR * this.inactiveNow)) / 1000 / this.sqrtFD + this.chargeTransfer_V;
    const nucleation = i < 0 ? p.eNuc * Math.exp(-this.active / p.aNuc) : 0;
    if (this.half) {
      this.voltage_V = this.etaConc_V + this.etaFast_V - nucleation;
      return;
    }
    if (i !== this.cathodeEtaFor) {
      this.cathodeEtaFor = i;
      this.etaCathode_V = this.rt2F_V * asinh(i / (2 * p.i0c * this.fi0));
    }
    const atSurface = this.soc - this.cathodeLag;
    this.surfaceOcv_V = openCircuit(this.profile.cathode, atSurface) + emptyCathode(this.soc);
    if (this.ocvError) this.surfaceOcv_V += ocvError_V(this.ocvError, atSurface);
    this.voltage_V = this.surfaceOcv_V - this.etaConc_V - this.etaFast_V - this.etaCathode_V + nucleation;
  }
}

/** Fraction of the copper's area that still reaches active lithium. */
function accessibleArea(active: number, half: number, exponent: number): number {
  const a = active > 1e-9 ? active : 1e-9;
  return Math.pow(a / (a + half), exponent);
}
