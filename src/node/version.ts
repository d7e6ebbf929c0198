import { version } from "../core/version.js";

/** This package's version. */
export const heddleVersion = (): string => version;
