import { fileName, type Place } from "./place.js";

interface Unread {
  readonly what: string;
  readonly pattern: RegExp;
  /** How it becomes what is read. */
  readonly mend: string;
}

const savez = "np.savez('data.npz', x_train=…, y_train=…)";

/** What data sets come in too and heddle doesn't read, by the ends of files' names. */
export const unreadKinds: readonly Unread[] = [
  {
    what: "MATLAB's format",
    pattern: /\.mat$/i,
    mend: `Load it with scipy.io.loadmat and save its arrays by ${savez}.`,
  },
  {
    what: "Parquet",
    pattern: /\.parquet$/i,
    mend: "Load it with pandas.read_parquet and write its pictures as files, a folder a class.",
  },
  {
    what: "Arrow",
    pattern: /\.(arrow|feather)$/i,
    mend: "Load it with datasets.Dataset.from_file and write its pictures as files, a folder a class.",
  },
  {
    what: "TensorFlow's records",
    pattern: /\.tfrecords?(-\d+-of-\d+)?$/i,
    mend: `Load them with tfds.as_numpy and save the arrays by ${savez}.`,
  },
  { what: "HDF5", pattern: /\.(h5|hdf5)$/i, mend: `Load it with h5py and save its arrays by ${savez}.` },
  {
    what: "PyTorch's format",
    pattern: /\.(pt|pth)$/i,
    mend: `Load it with torch.load, if you trust it, and save its arrays by ${savez}.`,
  },
  {
    what: "a pickle",
    pattern: /\.(pkl|pickle)(\.gz)?$/i,
    mend: `A pickle may run anything, so only CIFAR's own are read: load it, if you trust it, and save its arrays by ${savez}.`,
  },
  {
    what: "an archive",
    pattern: /\.(zip|tar|tar\.gz|tgz|tar\.xz|tar\.bz2|7z|rar)$/i,
    mend: "Unpack it and name the folder.",
  },
];

/** What is said of a place of a kind that is known and not read; undefined of any other. */
export function unreadWords(place: Place): string | undefined {
  for (const file of place.files) {
    const known = unreadKinds.find(({ pattern }) => pattern.test(fileName(file)));
    if (known) return `${place.pathOf(file)} is ${known.what}, which heddle doesn't read. ${known.mend}`;
  }
  return undefined;
}
