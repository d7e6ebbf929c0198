/** Options of which each may be left out, or be undefined, which says the same. */
export type Optional<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/** The same options with a value for each: what `Required` makes of them keeps undefined in strict settings. */
export type Settled<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };
