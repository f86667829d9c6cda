/**
 * Lithium on the copper, on patches of equal area that differ in how easily lithium dissolves and deposits: what each patch has
 * of active, isolated, dead and SEI lithium, and what side reactions do with it. Lithium is only moved between the pools.
 *
 * Pools in mAh per cm2 of patch; means over the patches are per cm2 of copper.
 */
import type { Parameters } from '../parameters';
import type { DetailedParameters } from './parameters';

export const PATCHES = 6;
export const SHARE = 1 / PATCHES;
/** Charging fast leaves a rough deposit, with this many times the SEI of a smooth one on top. */
const ROUGH_SEI = 2;
/** The first SEI takes at most this share of what is plated. */
const FIRST_SEI_SHARE = 0.3;
/** Of what full contact regains at rest, this share is regained without contact. */
const REST_WITHOUT_CONTACT = 0.2;
/** Below this part of 1C the cell rests, whatever trickles through it. */
const REST_BELOW_C = 0.02;
const FIELDS = 9;

/** Temperature factors, 1 at 25 degC, and 2 R T / F. */
export interface Factors {
  rt2F_V: number;
  fi0: number;
  fS: number;
  fI: number;
  fD: number;
}

export class Patches {
  private readonly state = new Float64Array(FIELDS * PATCHES);
  private readonly field = (k: number): Float64Array => this.state.subarray(k * PATCHES, (k + 1) * PATCHES);
  /** As of the last `settle`. */
  readonly active = this.field(0);
  readonly isolated = this.field(1);
  readonly dead = this.field(2);
  readonly sei = this.field(3);
  /** Charge stripped since the last `settle`: adding up many small steps in `active` itself would gather rounding. */
  readonly gathered = this.field(4);
  /** Current density of each patch. */
  readonly current = this.field(5);
  /** Active lithium that was left, connected, when stripping last ended: what fresh lithium finds. */
  private readonly skeleton = this.field(6);
  /** Progress of the first SEI, 0 to 1. */
  private readonly formed = this.field(7);
  /** Roughness of plated lithium, 0 to 1. */
  private readonly roughness = this.field(8);
  /** Stacking pressure: least isolation at 0.5 MPa, as in the reduced twin. */
  private readonly pressureFactor: number;

  constructor(
    private readonly p: Parameters,
    private readonly d: DetailedParameters,
  ) {
    this.pressureFactor = 1 + 0.8 * ((p.pres - 0.5) / 0.4) ** 2;
    this.active.fill(p.Ainit);
  }

  copyFrom(other: Patches): void {
    this.state.set(other.state);
  }

  get activeTotal(): number {
    return mean(this.active) - mean(this.gathered);
  }
  get isolatedTotal(): number {
    return mean(this.isolated);
  }
  get deadTotal(): number {
    return mean(this.dead);
  }
  get seiTotal(): number {
    return mean(this.sei);
  }
  get skeletonTotal(): number {
    return Math.max(0, Math.min(mean(this.skeleton), this.activeTotal));
  }
  /** Inactive lithium since formation. */
  get agedTotal(): number {
    return this.isolatedTotal + this.deadTotal + this.seiTotal - this.p.Sform * mean(this.formed);
  }
  /** The same on one patch: what its layer is made of. */
  aged(k: number): number {
    return Math.max(0, this.isolated[k]! + this.dead[k]! + this.sei[k]! - this.p.Sform * this.formed[k]!);
  }

  /** The first SEI, on a copper that was cycled before. */
  form(): void {
    this.formed.fill(1);
    this.sei.fill(this.p.Sform);
  }

  /**
   * Side reactions of the charge gathered over `dt_s` at the cell's current density `i`.
   * @param depletion of the electrolyte in front of each patch while it is plated, 0 to 1
   */
  settle(i: number, dt_s: number, depletion: Float64Array, factors: Factors): void {
    const { p, active, sei, gathered } = this;
    for (let k = 0; k < PATCHES; k++) {
      const q = gathered[k]!;
      active[k] = active[k]! - q;
      gathered[k] = 0;
      if (q > 0) this.strip(k, q, factors);
      else if (q < 0) this.plate(k, -q, depletion[k]!, factors);
      if (Math.abs(i) < REST_BELOW_C * p.Qn) this.rest(k, dt_s);
      const corroded = active[k]! > 0 ? Math.min(active[k]!, (p.kcal * factors.fS * dt_s) / 3600) : 0;
      active[k] = active[k]! - corroded;
      sei[k] = sei[k]! + corroded;
      if (p.kred > 0) this.reactivate(k, dt_s);
    }
  }

  /** The thinner what is left of a patch, the more of it loses contact. */
  private strip(k: number, q: number, factors: Factors): void {
    const { p, d, active, isolated, skeleton } = this;
    const left = Math.max(0, active[k]!);
    const bare = d.ah / (left + d.ah);
    const share = (d.y0 + d.y1 * bare * bare) * (1 + p.kP * this.roughness[k]!) * (1 + d.xi * this.aged(k));
    const lost = Math.min(left, q * share * factors.fI * this.pressureFactor);
    active[k] = active[k]! - lost;
    isolated[k] = isolated[k]! + lost;
    skeleton[k] = Math.max(0, active[k]!);
  }

  /** Fresh lithium reaches what is isolated on a patch where it finds connected lithium, and buries it where it does not. */
  private plate(k: number, q: number, depletion: number, factors: Factors): void {
    const { p, d, active, isolated, dead, sei, skeleton, formed, roughness } = this;
    const u = q / p.Qn;
    const rough = (Math.max(0, depletion) / p.P0) ** 4;
    roughness[k] = roughness[k]! + (rough / (1 + rough) - roughness[k]!) * Math.min(1, q / p.qP);
    const first = Math.min(FIRST_SEI_SHARE * q, p.Sform * (1 - formed[k]!));
    if (p.Sform > 0) formed[k] = formed[k]! + first / p.Sform;
    const consumed = d.s0 * factors.fS * (1 + ROUGH_SEI * roughness[k]!) * (1 + p.ygas) * q + first;
    const contact = skeleton[k]! / (skeleton[k]! + d.ao);
    const cut = Math.min(d.b * skeleton[k]! * Math.min(1, q / d.qb), Math.max(0, active[k]! - consumed));
    const regained = isolated[k]! * Math.min(1, d.r * contact * u);
    const burial = (d.d0 + d.d1 * (1 - contact)) * (1 + d.xi * this.aged(k)) * u;
    const buried = (isolated[k]! - regained) * Math.min(1, burial);
    sei[k] = sei[k]! + consumed;
    isolated[k] = isolated[k]! + (cut - regained - buried);
    dead[k] = dead[k]! + buried;
    active[k] = active[k]! + (regained - consumed - cut);
  }

  private rest(k: number, dt_s: number): void {
    const { p, d, active, isolated, skeleton } = this;
    const bare = d.ah / (d.ah + Math.max(0, active[k]!));
    const contact = skeleton[k]! / (skeleton[k]! + d.ao);
    const rate_per_h = p.krst * (REST_WITHOUT_CONTACT + (1 - REST_WITHOUT_CONTACT) * contact) * bare;
    const regained = isolated[k]! * Math.min(1, (rate_per_h * dt_s) / 3600);
    isolated[k] = isolated[k]! - regained;
    active[k] = active[k]! + regained;
  }

  /** A redox mediator turns isolated and dead metal into active lithium. */
  private reactivate(k: number, dt_s: number): void {
    const { active, isolated, dead } = this;
    const share = -Math.expm1((-this.p.kred * dt_s) / 3600);
    const fromIsolated = share * isolated[k]!;
    const fromDead = share * dead[k]!;
    isolated[k] = isolated[k]! - fromIsolated;
    dead[k] = dead[k]! - fromDead;
    active[k] = active[k]! + (fromIsolated + fromDead);
  }
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < PATCHES; k++) sum += values[k]!;
  return sum * SHARE;
}
