/** Where lithium goes beside the current: the second part of the reduced twin, `Cell`. Equations and symbols: docs/model.md. */
import type { CellProfile } from '../profiles/profile';
import type { ResidueRule } from '../profiles/terms';
import { CellState } from './cellState';

/** A filament cannot conduct better than this: far more than what takes all current of any test. */
const SHORT_CAP_MS_CM2 = 1000;

/** Isolation, interphase, burial, re-contact, residue and corrosion. Lithium is only ever moved. */
export abstract class SideReactions extends CellState {
  private readonly residueRule: ResidueRule;

  constructor(profile: CellProfile, temperature_C: number) {
    super(profile, temperature_C);
    this.residueRule = profile.residueRule;
  }

  /** Isolation, SEI, residue, re-contact, burial, rest recovery and corrosion for charge already moved. */
  protected sideReactions(i: number, atRest: boolean, dt_s: number): void {
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

  /** A half cell is cycled at a low voltage first, which forms its SEI (paper 000, Results). */
  protected form(): void {
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

  /** What transport limitation holds back now, by the residue rule. */
  protected markResidue(rests: boolean): void {
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
}
