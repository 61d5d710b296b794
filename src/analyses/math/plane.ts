import { Matrix, solve } from 'ml-matrix';

/** y = offset + Σ slopes · x, fitted to points by least squares. */
export interface Plane {
  readonly offset: number;
  readonly slopes: readonly number[];
  /** Root mean square of what remains. */
  readonly residual: number;
}

/** Undefined where the points do not determine every slope. `x[point]` has one value per variable. */
export function fitPlane(x: readonly (readonly number[])[], y: readonly number[]): Plane | undefined {
  const variables = x[0]?.length ?? 0;
  if (y.length < variables + 1) return undefined;
  // centred, so that the columns of the matrix do not differ by orders of magnitude
  const centre = Array.from({ length: variables }, (_, v) => x.reduce((sum, point) => sum + point[v], 0) / x.length);
  const matrix = new Matrix(x.map((point) => [1, ...point.map((value, v) => value - centre[v])]));
  if (matrix.columns > 1 && hasConstantColumn(matrix)) return undefined;
  const [level, ...slopes] = solve(matrix, Matrix.columnVector([...y]), true).to1DArray();
  const offset = level - slopes.reduce((sum, slope, v) => sum + slope * centre[v], 0);
  const squares = x.map((point, i) => (y[i] - valueAt({ offset, slopes }, point)) ** 2);
  return { offset, slopes, residual: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / y.length) };
}

export function valueAt(plane: Pick<Plane, 'offset' | 'slopes'>, x: readonly number[]): number {
  return plane.slopes.reduce((sum, slope, v) => sum + slope * x[v], plane.offset);
}

function hasConstantColumn(matrix: Matrix): boolean {
  const columns = Array.from({ length: matrix.columns - 1 }, (_, v) => matrix.getColumn(v + 1));
  return columns.some((column) => column.every((value) => value === column[0]));
}
