// Made of src/export/page by scripts/bundle-page.ts, as a part of the build.

/** What a page runs, as text that may stand within a script element. */
export declare const pageScript: string;
/** The same for its worker. */
export declare const workerScript: string;
/** SHA-256 of `pageScript`, in base 64, by which the page's policy knows it. */
export declare const pageScriptDigest: string;
