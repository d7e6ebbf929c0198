import { type OptionTable, text } from "../../core/options/index.js";

/** What `exportCard` takes beside the model. */
export interface ExportCardOptions {
  /** Of the weights, as model hubs name licences: "mit", "cc-by-4.0". Left out, the card says that it isn't known. */
  readonly licence?: string | undefined;
}

export const exportCardOptions = {
  licence: {
    meaning: "of the weights, as model hubs name it, such as mit",
    kind: text(/^[\w.+-]{1,100}$/u, "a licence's identifier, such as mit or cc-by-4.0"),
    otherwise: "the card says that it isn't known",
  },
} satisfies OptionTable<ExportCardOptions>;
