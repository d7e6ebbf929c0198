/** What Fashion-MNIST is called, wherever data is named; any other name is a folder's. */
export const fashionMnist = "fashion-mnist";

/** The four files of a data set in the format of MNIST. */
export type FileRole = "trainImages" | "trainLabels" | "testImages" | "testLabels";

export const fileRoles: readonly FileRole[] = ["trainImages", "trainLabels", "testImages", "testLabels"];

/** What a role is called in a message: `training images`. */
export const roleNames: Readonly<Record<FileRole, string>> = {
  trainImages: "training images",
  trainLabels: "training labels",
  testImages: "test images",
  testLabels: "test labels",
};

/** One published file: its name without `.gz`, and what its content is known by. Sums are in hexadecimal. */
export interface PublishedFile {
  readonly role: FileRole;
  readonly name: string;
  /** Uncompressed bytes. */
  readonly bytes: number;
  /** Of the uncompressed bytes. */
  readonly sha256: string;
  /** Of the `.gz` file, as its publishers give it; others have packed the same content otherwise. */
  readonly packedMd5: string;
}

/** Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 60,000 + 10,000 grey images of 28×28 in 10 even classes. */
export const fashionMnistFiles: readonly PublishedFile[] = [
  {
    role: "trainImages",
    name: "train-images-idx3-ubyte",
    bytes: 47_040_016,
    packedMd5: "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
  },
  {
    role: "trainLabels",
    name: "train-labels-idx1-ubyte",
    bytes: 60_008,
    packedMd5: "25c81989df183df01b3e8a0aad5dffbe",
    sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
  },
  {
    role: "testImages",
    name: "t10k-images-idx3-ubyte",
    bytes: 7_840_016,
    packedMd5: "bef4ecab320f06d8554ea6380940ec79",
    sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
  },
  {
    role: "testLabels",
    name: "t10k-labels-idx1-ubyte",
    bytes: 10_008,
    packedMd5: "bb300cfdad3c16e7a12a480ee83cd310",
    sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
  },
];

export const fashionMnistClassNames: readonly string[] = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];
