/**
 * Exponentials, logarithms, sines and powers to the same bits in every engine: what `Math` gives for them is each
 * engine's own affair, and Node's and Chromium's differ in the last bit now and then. Sums, products, quotients and
 * `Math.sqrt` are exact everywhere; these are made of them alone, by the methods of fdlibm, which Node's `Math` follows.
 */
export { exp } from "./exp.js";
export { log } from "./log.js";
export { pow } from "./pow.js";
export { cos, sin } from "./sine.js";
