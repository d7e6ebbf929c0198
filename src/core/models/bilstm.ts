import { bilstm as bilstmLayer } from "../layers/bilstm.js";
import { dense } from "../layers/dense.js";
import { chainDefinition } from "./definition.js";
import { imageRows } from "./rows.js";

export const bilstm = chainDefinition({
  name: "bilstm",
  title: "BiLSTM",
  why:
    "The paper names a BiLSTM and gives no sizes: this is the LSTM's twin, the rows read downward by 128 units " +
    "and upward by another 128, both last states side by side before the output.",
  layers: (inputShape, classes) => [
    imageRows(inputShape),
    bilstmLayer({ name: "BiLSTM", units: 128 }),
    dense({ name: "output", units: classes }),
  ],
});
