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

/** One published file: its name without `.gz`, and the SHA-256 of its uncompressed bytes in hexadecimal. */
export interface PublishedFile {
  readonly role: FileRole;
  readonly name: string;
  readonly sha256: string;
}

/** Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 60,000 + 10,000 grey images of 28×28 in 10 even classes. */
export const fashionMnistFiles: readonly PublishedFile[] = [
  {
    role: "trainImages",
    name: "train-images-idx3-ubyte",
    sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
  },
  {
    role: "trainLabels",
    name: "train-labels-idx1-ubyte",
    sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
  },
  {
    role: "testImages",
    name: "t10k-images-idx3-ubyte",
    sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
  },
  {
    role: "testLabels",
    name: "t10k-labels-idx1-ubyte",
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
