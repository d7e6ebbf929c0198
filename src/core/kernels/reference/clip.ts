/**
 * Scales gradients in place so that the norm of all of them together is `clipNorm` at most (Pascanu et al. 2013):
 * g ← g · min(1, clipNorm / ‖g‖).
 *
 * @returns the norm before
 */
export function clipByGlobalNorm(gradients: Iterable<Float64Array>, clipNorm: number): number {
  const all = [...gradients];
  const norm = Math.sqrt(
    all.reduce((sum, values) => sum + values.reduce((squares, value) => squares + value * value, 0), 0),
  );
  const scale = norm > clipNorm ? clipNorm / norm : 1;
  for (const values of all) for (let at = 0; at < values.length; at++) values[at] *= scale;
  return norm;
}
