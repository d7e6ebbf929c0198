/** Flags without those of which nothing is said. */
export function stated<Flags extends object>(flags: Flags): Partial<Flags> {
  return Object.fromEntries(
    Object.entries(flags).filter(([, value]) => value !== undefined),
  ) as Partial<Flags>;
}
