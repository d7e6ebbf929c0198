/** A point of a curve. */
export type Point = readonly [x: number, y: number];

interface Piece {
  readonly from: number;
  readonly to: number;
  /** The point between them that lies farthest from the straight line, and how far. */
  readonly farthest: number;
  readonly distance: number;
}

/**
 * Thins a curve to as many points as a chart needs: beginning with both ends, always adds the point that lies
 * farthest from the straight lines through those chosen so far (Ramer 1972; Douglas and Peucker 1973), until there
 * are `most` or no point lies off the lines.
 */
export function thinCurve(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const pieces = [pieceOf(points, 0, points.length - 1)];
  const chosen = [0, points.length - 1];
  while (chosen.length < most) {
    const worst = pieces.reduce(
      (most, piece, index) => (piece.distance > pieces[most].distance ? index : most),
      0,
    );
    const { from, to, farthest, distance } = pieces[worst];
    if (distance === 0) break;
    chosen.push(farthest);
    pieces.splice(worst, 1, pieceOf(points, from, farthest), pieceOf(points, farthest, to));
  }
  return chosen.sort((a, b) => a - b).map((index) => points[index]);
}

function pieceOf(points: readonly Point[], from: number, to: number): Piece {
  const [[x0, y0], [x1, y1]] = [points[from], points[to]];
  const length = Math.hypot(x1 - x0, y1 - y0);
  let [farthest, distance] = [from, 0];
  for (let index = from + 1; index < to; index++) {
    const [x, y] = points[index];
    const off =
      length === 0
        ? Math.hypot(x - x0, y - y0)
        : Math.abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length;
    if (off > distance) [farthest, distance] = [index, off];
  }
  return { from, to, farthest, distance };
}
