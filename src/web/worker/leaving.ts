/** Asks an engine worker to forget its network. */
export const leave = "leave";

/** Its answer: it touches no memory any more. */
export const left = "left";
