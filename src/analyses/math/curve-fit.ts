import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { inverse, Matrix } from 'ml-matrix';

/** A model y = f(x) with parameters. */
export type Model = (parameters: readonly number[]) => (x: number) => number;

export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Standard deviation of every y. */
  readonly sigma: readonly number[];
}

export interface CurveFit {
  readonly values: readonly number[];
  /** Standard deviations from the covariance matrix, scaled up where χ² per degree of freedom exceeds 1. */
  readonly errors: readonly number[];
  readonly chi2PerNdf: number;
}

export interface FitLimits {
  readonly lowest: readonly number[];
  readonly highest: readonly number[];
}

/**
 * Weighted least squares by Levenberg and Marquardt. Undefined with fewer points than parameters + 1, or where the
 * points do not determine the parameters.
 */
export function fitCurve(
  points: Points,
  model: Model,
  start: readonly number[],
  limits: FitLimits,
): CurveFit | undefined {
  const freedom = points.x.length - start.length;
  if (freedom < 1) return undefined;
  // The library's steps go wrong with weights that are not about 1 (its Hessian and gradient are weighted differently),
  // so the residuals are weighted here: point i has x = i, and y and model are in units of its error.
  const scaled = { x: points.x.map((_, i) => i), y: points.y.map((y, i) => y / points.sigma[i]) };
  const scaledModel = (parameters: number[]) => {
    const at = model(parameters);
    return (i: number): number => at(points.x[i]) / points.sigma[i];
  };
  const { parameterValues } = levenbergMarquardt(scaled, scaledModel, {
    initialValues: [...start],
    minValues: [...limits.lowest],
    maxValues: [...limits.highest],
    gradientDifference: steps(start, limits),
    centralDifference: true,
    damping: 0.01,
    maxIterations: 25, // it has no other end; from a start within the transition it takes less than ten
    errorTolerance: 1e-9,
  });
  const at = model(parameterValues);
  const chi2 = points.x.reduce((sum, x, i) => sum + ((points.y[i] - at(x)) / points.sigma[i]) ** 2, 0);
  const variances = varianceOf(points, model, parameterValues, steps(start, limits));
  if (variances === undefined) return undefined;
  const scale = Math.max(1, chi2 / freedom);
  const errors = variances.map((variance) => Math.sqrt(variance * scale));
  return { values: parameterValues, errors, chi2PerNdf: chi2 / freedom };
}

/** Diagonal of the inverse of JᵀWJ at the solution. */
function varianceOf(
  points: Points,
  model: Model,
  values: readonly number[],
  step: readonly number[],
): number[] | undefined {
  const jacobian = new Matrix(points.x.length, values.length);
  for (let parameter = 0; parameter < values.length; parameter++) {
    const shifted = (by: number): number[] => values.map((value, i) => (i === parameter ? value + by : value));
    const above = model(shifted(step[parameter]));
    const below = model(shifted(-step[parameter]));
    points.x.forEach((x, i) => {
      jacobian.set(i, parameter, (above(x) - below(x)) / (2 * step[parameter] * points.sigma[i]));
    });
  }
  try {
    const diagonal = inverse(jacobian.transpose().mmul(jacobian)).diagonal();
    return diagonal.every((variance) => Number.isFinite(variance) && variance >= 0) ? diagonal : undefined;
  } catch {
    return undefined; // singular: a parameter does not move the curve at these points
  }
}

/** Steps of numerical derivatives: small against the size of a parameter, or against its range where it starts at 0. */
function steps(start: readonly number[], { lowest, highest }: FitLimits): number[] {
  return start.map((value, i) => 1e-5 * Math.max(Math.abs(value), 1e-3 * (highest[i] - lowest[i])));
}
