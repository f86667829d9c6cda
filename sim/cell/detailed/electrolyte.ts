/**
 * Salt in the electrolyte between the copper and the cathode: one-dimensional diffusion and migration in finite volumes.
 *
 * Everything is relative to the concentration at rest, y = c / c0. The Li+ flux through a face is
 * `-D(c) dc/dx + t+(c) i / F`; at both ends all of it is current, `i / F`, so salt is only moved. The step is implicit (a
 * tridiagonal system) with D of the last step, stable for any length, and allocates nothing.
 *
 * D falls exponentially with c: D = D0 Z, Z = exp(-a (y - 1)). In steady state Z is linear in x (Kirchhoff), which is used
 * for the half volumes at the ends and for the layers in front of the lithium. Conductivity follows Nernst and Einstein,
 * kappa = kappa0 y Z. The activity of the salt diverges where the last free solvent is bound, at c_sat.
 */
import type { DetailedParameters } from './parameters';

export const NODES = 24;
const FARADAY_C_MOL = 96485;
const GAS_J_MOL_K = 8.314;
/** How near full and empty the logarithms of the activity are followed; beyond, they go on as straight lines. */
const EDGE = 1e-4;
/** Change of an exponent that is small enough for three terms: they err by less than 2e-16. */
const SMALL = 1e-5;

export class Electrolyte {
  /** State: concentration of every volume over that at rest, from the copper to the cathode. */
  readonly y = new Float64Array(NODES);
  /** Its Z = D / D0. */
  private readonly z = new Float64Array(NODES);
  private readonly ratios = new Float64Array(NODES);
  private readonly right = new Float64Array(NODES);

  /** Z at the electrolyte's edge over the copper, before the dead layer. */
  copperZ = 1;
  /** Activity term (see `activity`) at the cathode. */
  cathodeActivity = 0;
  /** 1 - t+ at the copper. */
  diffusiveShare = 1;
  /** Ohmic resistance of the electrolyte [ohm cm2]. */
  resistance_ohm_cm2 = 0;
  /** Scale of the concentration overpotential, 2 R T / F [V]. */
  scale_V = 0;
  /** Change of Z per mA/cm2 and um of free electrolyte, without the factor 1 - t+. */
  zPerCurrentLength = 0;

  readonly saturated: number;
  private readonly logLow: number;
  private readonly logHigh: number;
  private readonly topZ: number;
  private readonly topY: number;
  private readonly lengthFactor: number;
  private readonly width_um: number;
  private fD = 1;
  /** Resistance [ohm cm2] of a volume at rest. */
  private resistanceScale = 0;

  constructor(private readonly d: DetailedParameters) {
    this.saturated = d.csat / d.c0;
    this.logLow = (1 - d.t0 - d.t1) * d.nu;
    this.logHigh = this.logLow + d.t1 * d.nu * this.saturated;
    this.topY = this.saturated * (1 - EDGE);
    this.topZ = Math.exp(-d.aD * (this.topY - 1));
    this.lengthFactor = Math.pow(d.eps, -d.brug);
    this.width_um = d.L / NODES;
    this.y.fill(1);
    this.z.fill(1);
    this.setTemperature(298.15, 1);
    this.resistance_ohm_cm2 = NODES * this.resistanceScale;
    this.readEdges(0);
  }

  /** `fD`: Arrhenius factor of transport. */
  setTemperature(kelvin: number, fD: number): void {
    const { d } = this;
    this.fD = fD;
    this.scale_V = (2 * GAS_J_MOL_K * kelvin) / FARADAY_C_MOL;
    // um / (S/m) = 1e-6 ohm m2 = 1e-2 ohm cm2.
    this.resistanceScale = (this.width_um * 1e-2 * this.lengthFactor) / (d.kappa0 * fD);
    // i [10 A/m2] x [1e-6 m] / (F c0 [1e3 mol/m3] D0 [1e-4 m2/s]), and dZ = -a Z dy.
    this.zPerCurrentLength = (d.aD * 1e-5) / (FARADAY_C_MOL * d.c0 * 1e3 * d.D0 * 1e-4 * fD);
  }

  copyFrom(other: Electrolyte): void {
    this.y.set(other.y);
    this.z.set(other.z);
    this.copperZ = other.copperZ;
    this.cathodeActivity = other.cathodeActivity;
    this.diffusiveShare = other.diffusiveShare;
    this.resistance_ohm_cm2 = other.resistance_ohm_cm2;
  }

  /** Carries the salt through `dt_s` at current density `i` [mA/cm2, positive: into the electrolyte at the copper]. */
  step(i: number, dt_s: number): void {
    const { d, y, z, ratios, right } = this;
    const width_m = this.width_um * 1e-6;
    const perVolume = dt_s / (d.eps * width_m);
    // Between neighbouring volumes, per mean of their Z.
    const exchange = (0.5 * perVolume * d.D0 * 1e-4 * this.fD) / (this.lengthFactor * width_m);
    const driven = (perVolume * i * 10) / (FARADAY_C_MOL * d.c0 * 1e3);
    const { aD, t0, t1 } = d;
    // Elimination away from the copper (Thomas).
    let inflow = driven;
    let left = 0;
    let carried = 0;
    let ratio = 0;
    let here = y[0]!;
    let zHere = z[0]!;
    for (let k = 0; k < NODES - 1; k++) {
      const beyond = y[k + 1]!;
      const zBeyond = z[k + 1]!;
      const next = exchange * (zHere + zBeyond);
      const outflow = driven * (t0 - t1 * (0.5 * (here + beyond) - 1));
      const perPivot = 1 / (1 + left + next - left * ratio);
      ratio = next * perPivot;
      carried = (here + inflow - outflow + left * carried) * perPivot;
      ratios[k] = ratio;
      right[k] = carried;
      left = next;
      inflow = outflow;
      here = beyond;
      zHere = zBeyond;
    }
    let value = (here + inflow - driven + left * carried) / (1 + left - left * ratio);
    let resistance = 0;
    for (let k = NODES - 1; k >= 0; k--) {
      if (k < NODES - 1) value = right[k]! + ratios[k]! * value;
      // In short steps Z follows by the first terms of the exponential.
      const change = aD * (y[k]! - value);
      const followed =
        change < SMALL && change > -SMALL ? z[k]! * (1 + change * (1 + 0.5 * change)) : Math.exp(-aD * (value - 1));
      y[k] = value;
      z[k] = followed;
      resistance += 1 / ((value > EDGE ? value : EDGE) * followed);
    }
    this.resistance_ohm_cm2 = resistance * this.resistanceScale;
    this.readEdges(i);
  }

  /** Brings what lies at the edges, half a volume beyond the outermost ones, up to date. */
  private readEdges(i: number): void {
    const { y, z } = this;
    const halfVolume = 0.5 * this.width_um * this.lengthFactor * this.zPerCurrentLength * i;
    this.diffusiveShare = 1 - this.transference(y[0]!);
    this.copperZ = z[0]! - halfVolume * this.diffusiveShare;
    const cathodeZ = z[NODES - 1]! + halfVolume * (1 - this.transference(y[NODES - 1]!));
    this.cathodeActivity = this.activity(this.concentration(cathodeZ));
  }

  /** y where the diffusivity is Z; beyond saturation, where Z may even be negative, along the tangent. */
  concentration(z: number): number {
    if (z < this.topZ) return this.topY + (1 - z / this.topZ) / this.d.aD;
    return 1 - Math.log(z) / this.d.aD;
  }

  /** Integral of (1 - t+) (1 + dlnf/dlnc) dlnc: times `scale_V`, the potential of lithium against the same at rest. */
  activity(y: number): number {
    const u = y / this.saturated;
    const low = u < EDGE ? Math.log(EDGE) + u / EDGE - 1 : Math.log(u);
    const free = 1 - u;
    const high = free < EDGE ? Math.log(EDGE) + free / EDGE - 1 : Math.log(free);
    return this.logLow * low - this.logHigh * high;
  }

  /** Its derivative by Z. */
  activitySlope(y: number, z: number): number {
    const u = y / this.saturated;
    const byU = this.logLow / Math.max(EDGE, u) + this.logHigh / Math.max(EDGE, 1 - u);
    return -byU / (this.saturated * this.d.aD * Math.max(this.topZ, z));
  }

  /** Salt over that at rest; 1 for ever. */
  get salt(): number {
    return this.y.reduce((total, value) => total + value, 0) / NODES;
  }

  /**
   * Steady current density [mA/cm2] at which the copper's side saturates behind `layer_um` of (equivalent free) length that
   * holds no salt of its own.
   */
  saturatingCurrent(layer_um: number): number {
    const { d } = this;
    const length_um = d.L * this.lengthFactor;
    const saturatedZ = Math.exp(-d.aD * (this.saturated - 1));
    // Mean ln Z is zero between the layer's edge and the cathode: find the fall of Z per length that keeps it there.
    let low = 0;
    let high = (10 * Math.exp(d.aD)) / length_um;
    for (let n = 0; n < 60; n++) {
      const fall = (low + high) / 2;
      const edge = saturatedZ + fall * layer_um;
      if (meanLog(edge, edge + fall * length_um) > 0) high = fall;
      else low = fall;
    }
    return low / (this.zPerCurrentLength * (1 - this.transference(1)));
  }

  private transference(y: number): number {
    return this.d.t0 - this.d.t1 * (y - 1);
  }
}

/** Mean of ln z for z rising linearly from `from` to `to`. */
function meanLog(from: number, to: number): number {
  return (to * (Math.log(to) - 1) - from * (Math.log(from) - 1)) / (to - from);
}
