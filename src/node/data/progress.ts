/** What finding a data set tells while it goes on. */
export type DataProgress =
  /** A step that takes its time, in words. */
  | { readonly type: "notice"; readonly message: string }
  /** A file that is damaged or a source that failed, in words; the search goes on. */
  | { readonly type: "warning"; readonly message: string }
  /** Pictures are decoded. */
  | {
      readonly type: "pictures";
      readonly done: number;
      readonly total: number;
      /** How many a second so far. */
      readonly perSecond: number;
    }
  | {
      readonly type: "download";
      readonly file: string;
      readonly address: string;
      readonly receivedBytes: number;
      /** Left out where the server doesn't say. */
      readonly totalBytes?: number;
    };

/** Told what goes on while a data set is looked for. */
export type OnDataProgress = (progress: DataProgress) => void;
