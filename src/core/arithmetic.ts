/**
 * Which arithmetic the engine computes with: the order of its sums, its approximations, its streams of random numbers.
 * Whatever changes a byte of a trained weight, be it only for some layer or option, raises it by one once a release has
 * it or results of it are kept, with a line in the changelog that says what changed; 3 is the one that 0.1.0 is to have.
 * Two runs of one version and the same settings give the same bytes; what was begun with one version is never gone on
 * with by another. What says nothing of it, as the first runs, is of version 1.
 */
export const arithmeticVersion = 3;
