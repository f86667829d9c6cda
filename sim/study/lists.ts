/** Lists that the designs of studies are made of. */

/** 1 to `count`. */
export const seeds = (count: number): number[] => Array.from({ length: count }, (_, k) => k + 1);

/** Every combination of two lists. */
export const pairs = <A, B>(as: readonly A[], bs: readonly B[]): [A, B][] =>
  as.flatMap((a) => bs.map((b): [A, B] => [a, b]));
