export { counted, duration, figure, listed, percent } from "../core/words.js";
