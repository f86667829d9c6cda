/**
 * The second plant: a cell model of another structure than the reduced twin (`../cell.ts`), so that what is tuned on the twin
 * meets a cell that it does not share equations with. Equations, fit and limits stand in docs/detailed-plant.md.
 *
 * Current density i [mA/cm2] > 0 is discharge (stripping). Capacities in mAh/cm2, time in s, potentials in V.
 */
import type { CellProfile } from '../../profiles/profile';
import { asinh } from '../cell';
import { emptyCathode, ocvError_V, openCircuit } from '../openCircuit';
import type { Parameters } from '../parameters';
import type { Plant } from '../plant';
import { Currents } from './currents';
import { Electrolyte } from './electrolyte';
import { detailedParameters, type DetailedParameters } from './parameters';
import { Particle } from './particle';
import { Patches, type Factors } from './patches';

const GAS_J_MOL_K = 8.314;
const RT2_F_V_K = (2 * GAS_J_MOL_K) / 96485;
/** With short time steps, side reactions are carried out once this much time has gathered. */
const SIDE_REACTION_STEP_S = 1;
const SATURATION_CAP = 0.9999;
/** A sphere's surface is ahead of its mean by rate x radius^2 / (15 D). */
const SURFACE_LAG = 15;
/** Surface stoichiometry is kept this far off its ends in the exchange current of the cathode. */
const STOICHIOMETRY_EDGE = 0.01;
/** To see how the open-circuit voltage changes with the state of charge. */
const SOC_STEP = 1e-3;
/** A short takes no more than this share of the lithium in one step. */
const SHORTED_SHARE = 0.9;
/** No larger potential difference is told where the cathode's side runs out of salt. */
const DEPLETED_V = 3;
/** An internal short is soft: beyond this it would be a hard one, which is not modelled. */
const SHORT_CAP_MS_CM2 = 50;

export class DetailedCell implements Plant {
  readonly profile: CellProfile;
  readonly area_cm2: number;
  private readonly p: Parameters;
  private readonly d: DetailedParameters;
  private readonly half: boolean;
  private readonly electrolyte: Electrolyte;
  private readonly particle = new Particle();
  private readonly patches: Patches;
  private readonly currents: Currents;

  temperature_C = 25;
  /** Conductance of an internal short [mS/cm2]; 0: none. */
  short_mS_cm2 = 0;
  leak_mA_cm2 = 0;

  voltage_V = 0;
  etaConc_V = 0;
  etaFast_V = 0;
  etaCathode_V = 0;
  /** Open-circuit voltage at the surface of the cathode's particles. */
  surfaceOcv_V = 0;

  cathodeCapacity_mAh_cm2: number;
  private settledSoc = 0;
  /** Lithium that entered through the counter electrode of a half cell. */
  private supplied = 0;
  /** Charge passed since the last `settle`, the time it took and the current density that is held. */
  private heldCharge = 0;
  private held_s = 0;
  private heldCurrent = 0;
  private measuredAt = 0;
  private limit_mA_cm2 = NaN;

  private factorsAt_C = NaN;
  private readonly factors: Factors = { rt2F_V: 0, fi0: 1, fS: 1, fI: 1, fD: 1 };
  private radiusSquaredPerD_s = 1;

  /** @param parameters of the detailed model; by default those that belong to the profile */
  constructor(profile: CellProfile, temperature_C = 25, parameters: DetailedParameters = detailedParameters(profile)) {
    this.profile = profile;
    this.area_cm2 = profile.area_cm2;
    this.p = profile.parameters;
    this.d = parameters;
    this.half = profile.kind === 'half';
    this.cathodeCapacity_mAh_cm2 = this.p.Qcat;
    this.electrolyte = new Electrolyte(parameters);
    this.patches = new Patches(profile.parameters, parameters);
    this.currents = new Currents(parameters, this.patches, this.electrolyte);
    this.temperature_C = temperature_C;
    if (this.half) {
      this.patches.form();
      this.supplied = this.p.Sform;
    }
    this.refresh();
    this.pass(0, 0);
  }

  get nominal_mAh_cm2(): number {
    return this.p.Qn;
  }
  get soc(): number {
    return this.half ? 0 : this.settledSoc - this.heldCharge / this.cathodeCapacity_mAh_cm2;
  }
  get active(): number {
    return this.patches.activeTotal;
  }
  get isolated(): number {
    return this.patches.isolatedTotal;
  }
  get dead(): number {
    return this.patches.deadTotal;
  }
  get sei(): number {
    return this.patches.seiTotal;
  }
  /** What was left connected when stripping last ended: a part of `active`. */
  get residue(): number {
    return this.patches.skeletonTotal;
  }
  get inactive(): number {
    return this.patches.agedTotal;
  }
  get lithium_mAh_cm2(): number {
    const metal = this.active + this.isolated + this.dead + this.sei - this.p.Ainit;
    if (this.half) return metal - (this.supplied - this.heldCharge);
    return metal - this.cathodeCapacity_mAh_cm2 * this.soc + (this.cathodeCapacity_mAh_cm2 - this.p.Qcat);
  }
  /** Salt in the electrolyte over that at rest: 1 for ever. */
  get salt(): number {
    return this.electrolyte.salt;
  }

  get limitingCurrent_mA_cm2(): number {
    if (this.temperature_C !== this.factorsAt_C) this.refresh();
    if (Number.isNaN(this.limit_mA_cm2))
      this.limit_mA_cm2 = this.electrolyte.saturatingCurrent(this.currents.hindrance_um);
    return this.limit_mA_cm2;
  }

  get saturation(): number {
    const y = this.currents.meanY;
    const w = y > 1 ? (y - 1) / (this.electrolyte.saturated - 1) : y - 1;
    return Math.max(-SATURATION_CAP, Math.min(SATURATION_CAP, w));
  }

  step(i: number, dt_s: number): void {
    this.settle();
    this.heldCurrent = i;
    this.pass(i, dt_s);
    this.settle();
  }

  advance(i: number, dt_s: number): void {
    if (i !== this.heldCurrent) {
      this.settle();
      this.heldCurrent = i;
    }
    this.pass(i, dt_s);
    if (this.held_s >= SIDE_REACTION_STEP_S) this.settle();
  }

  settle(): void {
    if (this.held_s === 0) return;
    if (this.half) this.supplied -= this.heldCharge;
    else this.settledSoc -= this.heldCharge / this.cathodeCapacity_mAh_cm2;
    const plated = -this.heldCharge;
    this.heldCharge = 0;
    if (plated > 0 && this.p.kcat > 0 && !this.half) this.fade(plated / this.p.Qn);
    this.patches.settle(this.heldCurrent, this.held_s, this.currents.depletion, this.factors);
    this.currents.refresh(this.factors);
    if (plated > 0 && this.p.gamG > 0) this.growShort(plated);
    this.held_s = 0;
    this.limit_mA_cm2 = NaN;
  }

  copyFrom(other: Plant): void {
    if (!(other instanceof DetailedCell)) throw new TypeError('a detailed cell copies detailed cells only');
    other.settle();
    this.electrolyte.copyFrom(other.electrolyte);
    this.particle.copyFrom(other.particle);
    this.patches.copyFrom(other.patches);
    this.currents.copyFrom(other.currents);
    this.temperature_C = other.temperature_C;
    this.short_mS_cm2 = other.short_mS_cm2;
    this.leak_mA_cm2 = other.leak_mA_cm2;
    this.cathodeCapacity_mAh_cm2 = other.cathodeCapacity_mAh_cm2;
    this.settledSoc = other.settledSoc;
    this.supplied = other.supplied;
    this.heldCharge = 0;
    this.held_s = 0;
    this.heldCurrent = other.heldCurrent;
    this.measuredAt = other.measuredAt;
    this.voltage_V = other.voltage_V;
    this.etaConc_V = other.etaConc_V;
    this.etaFast_V = other.etaFast_V;
    this.etaCathode_V = other.etaCathode_V;
    this.surfaceOcv_V = other.surfaceOcv_V;
    this.limit_mA_cm2 = other.limit_mA_cm2;
    if (this.temperature_C !== this.factorsAt_C) this.arrhenius();
  }

  clone(): DetailedCell {
    const copy = new DetailedCell(this.profile, this.temperature_C, this.d);
    copy.copyFrom(this);
    return copy;
  }

  /** Charge, electrolyte, cathode and voltage; side reactions wait for `settle`. */
  private pass(i: number, dt_s: number): void {
    if (this.temperature_C !== this.factorsAt_C) this.refresh();
    const inner = this.short_mS_cm2 > 0 ? this.throughShort(i, dt_s) : i;
    const charge = (inner * dt_s) / 3600;
    this.heldCharge += charge;
    this.held_s += dt_s;
    if (dt_s > 0) {
      this.electrolyte.step(inner, dt_s);
      this.currents.carry(inner, dt_s, this.factors);
      if (!this.half) this.particle.step(-charge / this.cathodeCapacity_mAh_cm2, dt_s / this.radiusSquaredPerD_s);
    }
    this.measure(inner);
  }

  private measure(i: number): void {
    const { p, electrolyte, currents } = this;
    this.measuredAt = i;
    const atCathode_V = Math.max(-DEPLETED_V, Math.min(DEPLETED_V, electrolyte.scale_V * electrolyte.cathodeActivity));
    this.etaConc_V = currents.concentration_V - atCathode_V;
    const ohmic_V = (i * (this.d.rContact + electrolyte.resistance_ohm_cm2)) / 1000;
    const polarisation_V = currents.potential_V - atCathode_V + ohmic_V;
    this.etaFast_V = polarisation_V - this.etaConc_V;
    const nucleation_V = i < 0 ? p.eNuc * Math.exp(-Math.max(0, this.active) / p.aNuc) : 0;
    if (this.half) {
      this.voltage_V = polarisation_V - nucleation_V;
      return;
    }
    const soc = this.soc;
    const atSurface = soc + this.particle.surface;
    const x = Math.max(STOICHIOMETRY_EDGE, Math.min(1 - STOICHIOMETRY_EDGE, atSurface));
    const exchange = 4 * p.i0c * this.factors.fi0 * Math.sqrt(x * (1 - x));
    this.etaCathode_V = i === 0 ? 0 : this.factors.rt2F_V * asinh(i / exchange);
    this.surfaceOcv_V = this.openCircuit(atSurface, soc);
    this.voltage_V = this.surfaceOcv_V - polarisation_V - this.etaCathode_V + nucleation_V;
  }

  /**
   * Current density through the electrodes when `i` flows at the terminals and an internal short takes its share: one linear step
   * from the last voltage, with the change of the open-circuit voltage over the step, stable for any conductance and length.
   */
  private throughShort(i: number, dt_s: number): number {
    const sign = this.half ? -1 : 1;
    let slope_V = (this.d.rContact + this.d.rFilm + this.electrolyte.resistance_ohm_cm2) / 1000;
    let expected_V = this.voltage_V + sign * slope_V * (this.measuredAt - i);
    if (!this.half) {
      const soc = this.soc + this.particle.surface;
      const below = soc - SOC_STEP;
      const above = soc + SOC_STEP;
      const bySoc_V = (this.openCircuit(above, above) - this.openCircuit(below, below)) / (2 * SOC_STEP);
      const perSecond = bySoc_V / 3600 / this.cathodeCapacity_mAh_cm2;
      const surfaceSlope_V = (perSecond * this.radiusSquaredPerD_s) / SURFACE_LAG;
      expected_V += surfaceSlope_V * (this.measuredAt - i) - perSecond * dt_s * i;
      slope_V += surfaceSlope_V + perSecond * dt_s;
    }
    const leak = (sign * this.short_mS_cm2 * expected_V) / (1 + this.short_mS_cm2 * slope_V);
    // It ends with the lithium.
    const most = dt_s > 0 ? (SHORTED_SHARE * Math.max(0, this.active) * 3600) / dt_s : 0;
    this.leak_mA_cm2 = leak > 0 ? Math.min(leak, Math.max(0, most - i)) : leak;
    return i + this.leak_mA_cm2;
  }

  /** At state of charge `atSurface` of the particles' surface, `soc` on average. */
  private openCircuit(atSurface: number, soc: number): number {
    const { cathode, ocvError } = this.profile;
    const curve_V = openCircuit(cathode, atSurface) + emptyCathode(soc);
    return ocvError ? curve_V + ocvError_V(ocvError, atSurface) : curve_V;
  }

  /** Host material of the cathode is lost while it is charged; its lithium stays in what is left. */
  private fade(u: number): void {
    const left = Math.exp(-this.p.kcat * u);
    this.settledSoc = 1 - (1 - this.settledSoc) / left;
    this.cathodeCapacity_mAh_cm2 *= left;
  }

  private growShort(plated: number): void {
    const { p } = this;
    const excess = this.active / p.Qshort - 1;
    if (excess > 0)
      this.short_mS_cm2 = Math.min(SHORT_CAP_MS_CM2, this.short_mS_cm2 + (plated / p.Qshort) * p.gamG * excess);
  }

  private refresh(): void {
    this.arrhenius();
    this.currents.refresh(this.factors);
    this.limit_mA_cm2 = NaN;
  }

  private arrhenius(): void {
    const { p, factors } = this;
    const kelvin = this.temperature_C + 273.15;
    const x = (1 / 298.15 - 1 / kelvin) / GAS_J_MOL_K;
    factors.rt2F_V = RT2_F_V_K * kelvin;
    factors.fD = Math.exp(p.EaD * x);
    factors.fi0 = Math.exp(p.Eai0 * x);
    factors.fS = Math.exp(p.EaS * x);
    factors.fI = Math.exp(p.EaI * x);
    this.electrolyte.setTemperature(kelvin, factors.fD);
    this.radiusSquaredPerD_s = (SURFACE_LAG * p.taud) / Math.exp(p.EaSol * x);
    this.factorsAt_C = this.temperature_C;
  }
}
