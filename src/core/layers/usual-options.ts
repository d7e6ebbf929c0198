/**
 * Options less those that say no more than leaving them out would: files don't mention them, so that those of before
 * an option was there read alike.
 */
export function withoutUsual<Options extends object>(options: Options, usual: Partial<Options>): Options {
  const kept = Object.entries(options).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name as keyof Options]),
  );
  return Object.fromEntries(kept) as Options;
}
