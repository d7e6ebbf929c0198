/**
 * Test images of Fashion-MNIST, by their index, whose picture is a training image as well, or nearly: what an audit of the
 * data set finds (results/audit-fashion-mnist.json). A network may know them by heart, so that the accuracy on the others is
 * told too.
 */
export const fashionMnistLeaks: readonly number[] = [
  336, 436, 534, 585, 646, 663, 829, 868, 944, 1311, 1438, 1649, 1858, 1948, 1984, 2115, 2261, 2407, 2436,
  2477, 2539, 2605, 2724, 2770, 3273, 3547, 3825, 4222, 4273, 4503, 4705, 4926, 4998, 5026, 5083, 5181, 5596,
  5732, 5765, 6130, 6210, 6247, 6276, 6291, 6474, 7169, 7210, 7352, 7357, 7391, 7465, 7623, 7799, 8175, 8630,
  8869, 9867, 9883,
];
