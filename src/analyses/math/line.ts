import { median, robustDeviation } from './statistics.js';

/** A straight line y = offset + slope · x through points, with errors of the fit. */
export interface Line {
  readonly slope: number;
  readonly slopeError: number;
  readonly offset: number;
  readonly offsetError: number;
  /** Points used; the others were left out as outliers. */
  readonly used: readonly number[];
  readonly outliers: readonly number[];
  /** Largest distance of a used point from the line. */
  readonly maxResidual: number;
  /** χ² per degree of freedom with the given errors; the errors above are scaled up where it exceeds 1. */
  readonly chi2PerNdf: number;
}

/** Points further than this part of the line's range from it may be outliers; less is taken as curvature. */
const curvature = 0.05;

/**
 * Weighted least squares after leaving out points that lie further than 5 robust deviations, 5 of their own errors
 * and 5 % of the range from the line of median slopes. Undefined with fewer than 3 points or a single x.
 * @param keepAll leaves no point out: of few points none can be told from the others
 */
export function fitLine(
  x: readonly number[],
  y: readonly number[],
  sigma: readonly number[],
  keepAll = false,
): Line | undefined {
  if (x.length < 3) return undefined;
  const start = medianLine(x, y);
  if (start === undefined) return undefined;
  const residuals = x.map((at, i) => y[i] - start.offset - start.slope * at);
  const spread = robustDeviation(residuals);
  const centre = median(residuals);
  const tolerated = curvature * Math.abs(start.slope) * (Math.max(...x) - Math.min(...x));
  const isOutlier = (i: number): boolean =>
    !keepAll && Math.abs(residuals[i] - centre) > Math.max(5 * spread, 5 * sigma[i], tolerated);
  const used = x.map((_, i) => i).filter((i) => !isOutlier(i));
  if (new Set(used.map((i) => x[i])).size < 2 || used.length < 3) return undefined;
  return { ...leastSquares(used, x, y, sigma), used, outliers: x.map((_, i) => i).filter(isOutlier) };
}

/** Theil–Sen: the median of the slopes between all pairs of points stays right with up to 29 % outliers. */
function medianLine(x: readonly number[], y: readonly number[]): { slope: number; offset: number } | undefined {
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) if (x[i] !== x[j]) slopes.push((y[j] - y[i]) / (x[j] - x[i]));
  }
  if (slopes.length === 0) return undefined;
  const slope = median(slopes);
  return { slope, offset: median(x.map((at, i) => y[i] - slope * at)) };
}

function leastSquares(
  used: readonly number[],
  x: readonly number[],
  y: readonly number[],
  sigma: readonly number[],
): Omit<Line, 'used' | 'outliers'> {
  let [s, sx, sy] = [0, 0, 0];
  for (const i of used) {
    const weight = 1 / sigma[i] ** 2;
    s += weight;
    sx += weight * x[i];
    sy += weight * y[i];
  }
  const centre = sx / s; // fitted around the centre of the points, where slope and offset do not correlate
  let [sxx, sxy] = [0, 0];
  for (const i of used) {
    const weight = 1 / sigma[i] ** 2;
    sxx += weight * (x[i] - centre) ** 2;
    sxy += weight * (x[i] - centre) * y[i];
  }
  const slope = sxy / sxx;
  const offset = sy / s - slope * centre;
  const residuals = used.map((i) => y[i] - offset - slope * x[i]);
  const chi2 = residuals.reduce((sum, residual, k) => sum + (residual / sigma[used[k]]) ** 2, 0);
  const chi2PerNdf = chi2 / (used.length - 2);
  const scale = Math.sqrt(Math.max(1, chi2PerNdf));
  return {
    slope,
    offset,
    slopeError: scale / Math.sqrt(sxx),
    offsetError: scale * Math.sqrt(1 / s + centre ** 2 / sxx),
    maxResidual: Math.max(...residuals.map(Math.abs)),
    chi2PerNdf,
  };
}
