/** Tells an engine worker to end, once it is out of the engine. */
export const leave = "leave";

/** Its answer: it touches no memory any more. */
export const left = "left";
