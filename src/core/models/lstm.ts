import { dense } from "../layers/dense.js";
import { lstm as lstmLayer } from "../layers/lstm.js";
import { chainDefinition } from "./definition.js";
import { imageRows } from "./rows.js";

export const lstm = chainDefinition({
  name: "lstm",
  title: "LSTM",
  why:
    "The paper names an LSTM and gives no sizes. An image is read as is usual, from top to bottom: each of its " +
    "28 rows is one step of 28 features. 128 units, as wide as the proposed model's last hidden layer.",
  layers: (inputShape, classes) => [
    imageRows(inputShape),
    lstmLayer({ name: "LSTM", units: 128 }),
    dense({ name: "output", units: classes }),
  ],
});
