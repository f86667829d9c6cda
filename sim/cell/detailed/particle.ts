/**
 * Lithium in a particle of the cathode: radial diffusion in shells of equal volume.
 *
 * The shells hold the difference of their state of charge from the particle's mean; the mean itself is charge, which the cell
 * counts. So no lithium can be lost here, whatever the rounding of the solver.
 */
export const SHELLS = 12;

/** Conductance between neighbouring shells, times the volume of a shell, for radius 1 and diffusivity 1. */
const BETWEEN = Array.from({ length: SHELLS - 1 }, (_, k) => {
  const face = Math.cbrt((k + 1) / SHELLS);
  return (3 * face * face * SHELLS) / (middle(k + 1) - middle(k));
});

/** Radius that halves the volume of shell `k`. */
function middle(k: number): number {
  return Math.cbrt((k + 0.5) / SHELLS);
}

export class Particle {
  /** State: difference from the mean state of charge, from the centre outwards. */
  readonly difference = new Float64Array(SHELLS);
  /** The same at the surface. */
  surface = 0;
  private readonly ratio = new Float64Array(SHELLS);
  private readonly pivot = new Float64Array(SHELLS);
  private readonly left = new Float64Array(SHELLS);
  private factoredFor = NaN;

  copyFrom(other: Particle): void {
    this.difference.set(other.difference);
    this.surface = other.surface;
  }

  /**
   * One implicit step of `time`, in units of radius^2 / diffusivity, in which the mean state of charge changes by `change`
   * through the surface.
   */
  step(change: number, time: number): void {
    if (time !== this.factoredFor) this.factor(time);
    const { difference, ratio, pivot, left } = this;
    let carried = 0;
    for (let k = 0; k < SHELLS; k++) {
      const source = k === SHELLS - 1 ? change * (SHELLS - 1) : -change;
      carried = (difference[k]! + source + left[k]! * carried) / pivot[k]!;
      difference[k] = carried;
    }
    for (let k = SHELLS - 2; k >= 0; k--) difference[k] = difference[k]! + ratio[k]! * difference[k + 1]!;
    // Flux times the way from the middle of the outer shell: dmean/dt = 3 flux.
    const gradient = time > 0 ? change / (3 * time) : 0;
    this.surface = difference[SHELLS - 1]! + gradient * (1 - middle(SHELLS - 1));
  }

  /** The matrix depends on the length of the step only and is kept while that stays. */
  private factor(time: number): void {
    this.factoredFor = time;
    let above = 0;
    for (let k = 0; k < SHELLS; k++) {
      const inner = k === 0 ? 0 : time * BETWEEN[k - 1]!;
      const outer = k === SHELLS - 1 ? 0 : time * BETWEEN[k]!;
      this.left[k] = inner;
      this.pivot[k] = 1 + inner + outer - inner * above;
      above = outer / this.pivot[k]!;
      this.ratio[k] = above;
    }
  }
}
