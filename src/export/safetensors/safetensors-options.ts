import { choice, type OptionTable } from "../../core/options/index.js";

/** Whose names, axes and orders tensors have. */
export type TensorLayout = "heddle" | "pytorch";

const layouts = ["heddle", "pytorch"] as const satisfies readonly TensorLayout[];

/** What `exportSafetensors` takes beside the model. */
export interface ExportSafetensorsOptions {
  /**
   * "heddle": the model file as it is, which heddle reads again. "pytorch": names, axes and gates as modules of PyTorch
   * have them in their `state_dict`. Default "heddle".
   */
  readonly layout?: TensorLayout | undefined;
}

export const exportSafetensorsOptions = {
  layout: { meaning: "whose names, axes and orders tensors have", kind: choice(layouts), default: "heddle" },
} satisfies OptionTable<ExportSafetensorsOptions>;
