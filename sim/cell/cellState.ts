/** What the reduced twin of a cell is at a moment, and what follows from that until it changes: the first part of `Cell`. */
import type { CellProfile } from '../profiles/profile';
import type { Parameters } from './parameters';

const GAS_J_MOL_K = 8.314;
const RT2_F_V_K = (2 * GAS_J_MOL_K) / 96485;
/** The inactive layer is fitted up to this thickness; beyond it, it is taken not to matter more. */
const INACTIVE_CAP_MAH_CM2 = 1.6;
/** Some of the electrolyte stays in the narrowest pores. */
const WETTED_LEAST = 0.05;
/** A reserve of electrolyte this large counts as endless. */
const NEVER_DRY_MAH_CM2 = 1e6;

/** State, outputs of the last step, and factors of temperature and inactive lithium. Nothing here moves lithium. */
export abstract class CellState {
  readonly profile: CellProfile;
  readonly area_cm2: number;
  protected readonly p: Parameters;
  protected readonly half: boolean;

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
  protected supplied = 0;

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
  protected factorsAt_C = NaN;
  protected fD = 1;
  protected sqrtFD = 1;
  protected fi0 = 1;
  protected fS = 1;
  protected fI = 1;
  protected fSol = 1;
  protected rt2F_V = 0;
  protected concScale_V = 0;

  // Slowly varying, kept between side-reaction steps.
  /** Limiting stripping current [mA/cm2]. */
  protected iL = 1;
  /** Inactive lithium since formation, as it is and as far as it matters. */
  protected inactiveNow = 0;
  protected inactiveCapped = 0;
  /** Share of the layer that electrolyte still wets, 1 until the interphase has consumed much of it. */
  protected wetted = 1;
  /** How drying promotes isolation. */
  protected dryness = 1;
  /** Accessible area fraction alpha of the step, 1 on charge. */
  protected accessible = 1;
  /** Relaxation of the lagged states over the time step they were computed for. */
  protected coefficientsFor_s = NaN;
  protected kSlow = 0;
  protected kFast = 0;
  protected kCathode = 0;
  protected kTransfer = 0;
  /** Current density that the outputs were computed for. */
  protected measuredAt = 0;
  /** Current density that `etaCathode_V` was computed for. */
  protected cathodeEtaFor = NaN;

  constructor(profile: CellProfile, temperature_C: number) {
    this.profile = profile;
    this.p = profile.parameters;
    this.half = profile.kind === 'half';
    this.active = this.p.Ainit;
    this.cathodeCapacity_mAh_cm2 = this.p.Qcat;
    this.area_cm2 = profile.area_cm2;
    this.temperature_C = temperature_C;
  }

  /** Inactive lithium gathered since formation, X = I + D + S - formation SEI. */
  get inactive(): number {
    return this.isolated + this.dead + this.sei - this.p.Sform * this.formed;
  }

  /** All of it; factors follow with the next `refresh`. */
  protected copyState(other: CellState): void {
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
  }

  /** What follows from temperature and inactive lithium: recomputed after side reactions only. */
  protected refresh(): void {
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

  /** How far the lagged states come in a step of this length. */
  protected coefficients(dt_s: number): void {
    const p = this.p;
    const tortuosity = 1 + p.chi * this.inactiveCapped;
    this.kSlow = 1 - Math.exp((-dt_s * this.fD) / (p.tau1 * tortuosity));
    this.kFast = 1 - Math.exp((-dt_s * this.fD) / p.tau2);
    this.kCathode = 1 - Math.exp((-dt_s * this.fSol) / p.taus);
    this.kTransfer = 1 - Math.exp(-dt_s / p.tauct);
    this.coefficientsFor_s = dt_s;
  }
}
