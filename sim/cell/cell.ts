/**
 * The reduced twin of an anode-free lithium-metal cell: one explicit step of any length.
 *
 * Current density i [mA/cm2] > 0 is discharge (stripping). Capacities in mAh/cm2, time in s, potentials in V. The equations,
 * their symbols, what they were fitted to and what they leave out stand in docs/model.md.
 *
 * Lithium is only ever moved: cathode + active + isolated + dead + SEI stays what it was (`lithium_mAh_cm2`).
 */
import type { CellProfile } from '../profiles/profile';
import type { ResidueRule } from '../profiles/terms';
import type { Parameters } from './parameters';
import type { Plant } from './plant';
import { emptyCathode, ocvError_V, openCircuit, type OcvError } from './openCircuit';

const GAS_J_MOL_K = 8.314;
const RT2_F_V_K = (2 * GAS_J_MOL_K) / 96485;
/** The inactive layer is fitted up to this thickness; beyond it, it is taken not to matter more. */
const INACTIVE_CAP_MAH_CM2 = 1.6;
/** Saturation of the electrolyte is kept off 1, where the logarithm ends. */
const SATURATION_CAP = 0.9999;
/** Side reactions are slow: with short time steps they are carried out once this much time has gathered. */
const SIDE_REACTION_STEP_S = 1;
/** Below this part of 1C the cell rests, whatever trickles through it: cells side by side never rest at zero current. */
const REST_BELOW_C = 0.02;
/** A filament cannot conduct better than this: far more than what takes all current of any test. */
const SHORT_CAP_MS_CM2 = 1000;
/** A short depends on lithium that is plated and drained through it: at most this share of its onset capacity moves at a time. */
const SHORT_PART = 0.002;
/** ... nor does a part last longer, while the short grows and otherwise: its growth ends within seconds where it takes all current. */
const SHORT_GROWS_S = 0.5;
const SHORT_HOLDS_S = 10;
/** Some of the electrolyte stays in the narrowest pores. */
const WETTED_LEAST = 0.05;
/** A reserve of electrolyte this large counts as endless. */
const NEVER_DRY_MAH_CM2 = 1e6;

/** asinh in the form that the device, which has no Math.asinh, uses too. */
export function asinh(x: number): number {
  return x < 0 ? -Math.log(Math.sqrt(x * x + 1) - x) : Math.log(x + Math.sqrt(x * x + 1));
}

/**
 * The reduced twin of an anode-free lithium-metal cell. It begins as it was built: discharged, at rest.
 *
 * Current density i [mA/cm2] > 0 is discharge (stripping). Equations and symbols: docs/model.md.
 */
export class Cell implements Plant {
  readonly profile: CellProfile;
  readonly area_cm2: number;
  private readonly p: Parameters;
  /** Share of a step's charge after which the accessible area is taken: half of it makes the step second-order in the area. */
  protected readonly areaAfter: number = 0.5;
  private readonly half: boolean;
  private readonly residueRule: ResidueRule;
  private readonly ocvError: OcvError | undefined;

  // State. Capacities in mAh/cm2.
  /** Cathode: lithium taken out, as a fraction of its capacity (0 discharged, 1 charged). A half cell leaves it at 0. */
  soc = 0;
  /** Capacity of the cathode as it is now. */
  cathodeCapacity_mAh_cm2: number;
  /** Active lithium: metal, connected to the copper. */
  active = 0;
  /** Isolated lithium: metal without contact, still recoverable. */
  isolated = 0;
  /** Dead lithium: metal, buried for good. */
  dead = 0;
  /** Lithium in the solid electrolyte interphase. */
  sei = 0;
  /** Residue: the part of the active lithium that transport limitation left behind at the end of a discharge (a mark on `active`). */
  residue = 0;
  /** Overlap of fresh and residual lithium, 0 to 1 (paper 000, Figure 3f). */
  overlap = 0;
  /** Roughness of plated lithium, 0 to 1. */
  roughness = 0;
  /** Progress of the first SEI, 0 to 1. */
  formed = 0;
  /** Electrolyte saturation, slow and fast mode of the diffusion layer, -1 to 1. */
  saturationSlow = 0;
  saturationFast = 0;
  /** Cathode surface-to-bulk difference in stoichiometry. */
  cathodeLag = 0;
  /** Lagged charge-transfer overpotential of the lithium side [V]. */
  chargeTransfer_V = 0;
  /** Conductance of an internal short [mS/cm2]; 0: none. */
  short_mS_cm2 = 0;
  temperature_C = 25;
  /** Lithium that entered through the counter electrode of a half cell. */
  private supplied = 0;

  /** Current density through the internal short [mA/cm2], discharging the cell. */
  leak_mA_cm2 = 0;

  // Outputs of the last step, all in V, positive in discharge.
  voltage_V = 0;
  etaConc_V = 0;
  /** Ohmic and reaction overpotential of the lithium side. */
  etaFast_V = 0;
  etaCathode_V = 0;
  /** Open-circuit voltage at the cathode's surface. */
  surfaceOcv_V = 0;

  // Temperature factors, kept until the temperature changes.
  private factorsAt_C = NaN;
  private fD = 1;
  private sqrtFD = 1;
  private fi0 = 1;
  private fS = 1;
  private fI = 1;
  private fSol = 1;
  private rt2F_V = 0;
  private concScale_V = 0;

  // Slowly varying, kept between side-reaction steps.
  /** Limiting stripping current [mA/cm2]. */
  private iL = 1;
  /** Inactive lithium since formation, as it is and as far as it matters. */
  private inactiveNow = 0;
  private inactiveCapped = 0;
  /** Share of the layer that electrolyte still wets, 1 until the interphase has consumed much of it. */
  private wetted = 1;
  /** How drying promotes isolation. */
  private dryness = 1;
  /** Accessible area fraction alpha of the step, 1 on charge. */
  private accessible = 1;
  /** Relaxation of the lagged states over the time step they were computed for. */
  private coefficientsFor_s = NaN;
  private kSlow = 0;
  private kFast = 0;
  private kCathode = 0;
  private kTransfer = 0;
  /** What `advance` has gathered for the side reactions. */
  private heldCurrent = 0;
  private held_s = 0;
  /** Charge passed since then, and what it is counted from: adding up many small steps in place would gather rounding. */
  private heldCharge = 0;
  private heldFromActive = 0;
  private heldFromSoc = 0;
  /** Current density through the electrodes while `heldCurrent` flows at the terminals. */
  private inner = 0;
  /** Current density that the outputs were computed for. */
  private measuredAt = 0;
  /** Current density that `etaCathode_V` was computed for. */
  private cathodeEtaFor = NaN;

  constructor(profile: CellProfile, temperature_C = 25) {
    this.profile = profile;
    this.p = profile.parameters;
    this.half = profile.kind === 'half';
    this.residueRule = profile.residueRule;
    this.ocvError = profile.ocvError;
    this.active = this.p.Ainit;
    this.cathodeCapacity_mAh_cm2 = this.p.Qcat;
    this.area_cm2 = profile.area_cm2;
    this.temperature_C = temperature_C;
    if (this.half) this.form();
    this.refresh();
    this.measure(0, 0);
  }

  /** Inactive lithium gathered since formation, X = I + D + S - formation SEI. */
  get inactive(): number {
    return this.isolated + this.dead + this.sei - this.p.Sform * this.formed;
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
    this.soc = other.soc;
    this.cathodeCapacity_mAh_cm2 = other.cathodeCapacity_mAh_cm2;
    this.active = other.active;
    this.isolated = other.isolated;
    this.dead = other.dead;
    this.sei = other.sei;
    this.residue = other.residue;
    this.overlap = other.overlap;
    this.roughness = other.roughness;
    this.formed = other.formed;
    this.saturationSlow = other.saturationSlow;
    this.saturationFast = other.saturationFast;
    this.cathodeLag = other.cathodeLag;
    this.chargeTransfer_V = other.chargeTransfer_V;
    this.temperature_C = other.temperature_C;
    this.short_mS_cm2 = other.short_mS_cm2;
    this.leak_mA_cm2 = other.leak_mA_cm2;
    this.measuredAt = other.measuredAt;
    this.cathodeEtaFor = other.cathodeEtaFor;
    this.supplied = other.supplied;
    this.voltage_V = other.voltage_V;
    this.etaConc_V = other.etaConc_V;
    this.etaFast_V = other.etaFast_V;
    this.etaCathode_V = other.etaCathode_V;
    this.surfaceOcv_V = other.surfaceOcv_V;
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

  /** Isolation, SEI, residue, re-contact, burial, rest recovery and corrosion for charge already moved. */
  private sideReactions(i: number, atRest: boolean, dt_s: number): void {
    const p = this.p;
    if (i > 0) this.strip(i, (i * dt_s) / 3600);
    else if (i < 0) this.plate(-i, (-i * dt_s) / 3600);
    if (atRest) this.rest(dt_s);
    const corroded = Math.min(Math.max(0, this.active), (p.kcal * this.fS * dt_s) / 3600);
    this.active -= corroded;
    this.sei += corroded;
    if (p.kred > 0) this.reactivate(dt_s);
  }

  /** A redox mediator turns isolated and dead metal into active lithium (paper 004, section 3.1: the sign only). */
  private reactivate(dt_s: number): void {
    const share = -Math.expm1((-this.p.kred * dt_s) / 3600);
    this.active += share * (this.isolated + this.dead);
    this.isolated -= share * this.isolated;
    this.dead -= share * this.dead;
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

  /** A half cell is cycled at a low voltage first, which forms its SEI (paper 000, Results). */
  private form(): void {
    this.formed = 1;
    this.sei = this.supplied = this.p.Sform;
  }

  private strip(i: number, dq: number): void {
    const p = this.p;
    const x = Math.pow(i / this.iL / p.NO, p.nO);
    this.overlap += (x / (1 + x) - this.overlap) * Math.min(1, dq / p.qO);
    const pressure = 1 + 0.8 * ((p.pres - 0.5) / 0.4) ** 2;
    const isolated =
      dq *
      p.io *
      this.fI *
      pressure *
      (1 - p.iO * this.overlap) *
      (1 + p.kP * this.roughness) *
      (1 + p.xi * this.inactiveCapped) *
      this.dryness;
    this.active -= isolated;
    this.isolated += isolated;
  }

  private plate(i: number, q: number): void {
    const p = this.p;
    const u = q / p.Qn;
    if (p.kcat > 0 && !this.half) this.fade(u);
    const y = (i / this.iL / p.P0) ** 4;
    this.roughness += (y / (1 + y) - this.roughness) * Math.min(1, q / p.qP);
    const first = Math.min(0.3 * q, p.Sform * (1 - this.formed));
    if (p.Sform > 0) this.formed += first / p.Sform;
    const sei = p.s0 * this.fS * (1 + 2 * this.roughness) * (1 + p.ygas) * q + first;
    const resolved = this.residue * Math.min(1, q / p.qb);
    const cut = Math.min(0.9, p.b0 * (1 - this.overlap) + p.b1) * resolved;
    this.residue -= resolved;
    const regained = p.r * this.overlap * this.isolated * u;
    const buried = (p.d0 + p.d1 * (1 - this.overlap)) * (1 + p.xi * this.inactiveCapped) * this.isolated * u;
    this.sei += sei;
    this.isolated += cut - regained - buried;
    this.dead += buried;
    this.active += regained - sei - cut;
    if (this.active > p.Qshort) {
      // The growth per plated capacity is proportional to the excess: its integral over q, so that no step is too long.
      const after = this.active / p.Qshort - 1;
      const before = Math.max(0, after - q / p.Qshort);
      const grown = 0.5 * p.gamG * (after * after - before * before);
      this.short_mS_cm2 = Math.min(SHORT_CAP_MS_CM2, this.short_mS_cm2 + grown);
    }
  }

  /** Host material of the cathode is lost while it is charged; its lithium stays in what is left. */
  private fade(u: number): void {
    const left = Math.exp(-this.p.kcat * u);
    this.soc = 1 - (1 - this.soc) / left;
    this.cathodeCapacity_mAh_cm2 *= left;
  }

  private rest(dt_s: number): void {
    const p = this.p;
    this.residue *= Math.exp(-dt_s / p.tauR);
    const contact = p.ah / (p.ah + this.active);
    const regained = (p.krst * (0.2 + 0.8 * this.overlap) * contact * this.isolated * dt_s) / 3600;
    this.isolated -= regained;
    this.active += regained;
  }

  private markResidue(rests: boolean): void {
    if (rests) {
      this.residue = Math.min(this.residue, this.active);
      return;
    }
    const w = this.saturationSlow + this.saturationFast;
    const marked = this.active * w * w;
    if (this.residueRule === 'R0') this.residue = marked;
    else if (this.residueRule === 'R1') this.residue = marked * (1 - this.accessible);
    else this.residue = Math.min(this.active, Math.max(this.residue, marked));
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
  /** What follows from temperature and inactive lithium: recomputed after side reactions only. */
  private refresh(): void {
    const p = this.p;
    if (this.temperature_C !== this.factorsAt_C) this.arrhenius();
    this.inactiveNow = this.inactive;
    const capped = Math.min(INACTIVE_CAP_MAH_CM2, Math.max(0, this.inactiveNow));
    if (capped !== this.inactiveCapped) this.coefficientsFor_s = NaN;
    this.inactiveCapped = capped;
    if (p.Qdry < NEVER_DRY_MAH_CM2) this.dry();
    this.iL = (p.ilim * this.fD * this.wetted) / (1 + p.chi * capped);
  }

  /** The interphase is made of electrolyte: what it has consumed leaves a part of the layer dry, late and then quickly. */
  private dry(): void {
    const p = this.p;
    const consumed = Math.max(0, this.sei - p.Sform * this.formed) / p.Qdry;
    this.wetted = Math.max(WETTED_LEAST, 1 - Math.pow(consumed, p.ndry));
    this.dryness = 1 + p.kdry * (1 / this.wetted - 1);
  }

  private arrhenius(): void {
    const p = this.p;
    const kelvin = this.temperature_C + 273.15;
    const x = (1 / 298.15 - 1 / kelvin) / GAS_J_MOL_K;
    this.fD = Math.exp(p.EaD * x);
    this.sqrtFD = Math.sqrt(this.fD);
    this.fi0 = Math.exp(p.Eai0 * x);
    this.fS = Math.exp(p.EaS * x);
    this.fI = Math.exp(p.EaI * x);
    this.fSol = Math.exp(p.EaSol * x);
    this.rt2F_V = RT2_F_V_K * kelvin;
    this.concScale_V = (p.kap * kelvin) / 298.15;
    this.factorsAt_C = this.temperature_C;
    this.coefficientsFor_s = NaN;
    this.cathodeEtaFor = NaN;
  }

  private coefficients(dt_s: number): void {
    const p = this.p;
    const tortuosity = 1 + p.chi * this.inactiveCapped;
    this.kSlow = 1 - Math.exp((-dt_s * this.fD) / (p.tau1 * tortuosity));
    this.kFast = 1 - Math.exp((-dt_s * this.fD) / p.tau2);
    this.kCathode = 1 - Math.exp((-dt_s * this.fSol) / p.taus);
    this.kTransfer = 1 - Math.exp(-dt_s / p.tauct);
    this.coefficientsFor_s = dt_s;
  }
}

/** Fraction of the copper's area that still reaches active lithium. */
function accessibleArea(active: number, half: number, exponent: number): number {
  const a = active > 1e-9 ? active : 1e-9;
  return Math.pow(a / (a + half), exponent);
}
