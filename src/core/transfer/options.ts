import { functionKind, listOf, shape, text } from "../options/index.js";
import { workSignalKind } from "../stop.js";
import { compileOptions } from "../training/compile.js";
import { modelOptions } from "../training/model-options.js";

/** Where all of this runs, and what stops it. */
export const placeOptions = {
  platform: modelOptions.platform,
  createNetwork: modelOptions.createNetwork,
  threads: compileOptions.threads,
  portable: compileOptions.portable,
  signal: { meaning: "stops it", kind: workSignalKind, otherwise: "nothing does" },
} as const;

/** Of who is told how far it has come. */
export const listenerOption = <Listener>() =>
  ({
    meaning: "told how far it has come",
    kind: functionKind<Listener>(),
    otherwise: "nobody is",
  }) as const;

export const imageShapeKind = shape(["height", "width", "channels"]);

export const namesKind = listOf(text(/^/u), { from: 1, what: "a list of names, one a class" });
