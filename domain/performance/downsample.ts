/**
 * Fewer points of a series without losing what it reached: each of equal stretches keeps its first and last point and
 * the extremes of every measure.
 * @param most about so many points are kept; a shorter series stays as it is. @param measures numbers of a point.
 */
export function downsample<Point>(
  points: readonly Point[],
  most: number,
  measures: readonly ((point: Point) => number)[],
): Point[] {
  if (points.length <= most) return [...points];
  const perBucket = 2 + 2 * measures.length;
  const buckets = Math.max(1, Math.floor(most / perBucket));
  const kept = new Set<number>();
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = Math.floor((bucket * points.length) / buckets);
    const to = Math.floor(((bucket + 1) * points.length) / buckets);
    if (to <= from) continue;
    kept.add(from).add(to - 1);
    for (const measure of measures) for (const index of extremes(points, from, to, measure)) kept.add(index);
  }
  return [...kept].toSorted((a, b) => a - b).flatMap((index) => points[index] ?? []);
}

function extremes<Point>(
  points: readonly Point[],
  from: number,
  to: number,
  measure: (point: Point) => number,
): [number, number] {
  let [low, high, least, most] = [from, from, Infinity, -Infinity];
  for (let index = from; index < to; index += 1) {
    const point = points[index];
    if (point === undefined) continue;
    const value = measure(point);
    if (value < least) [low, least] = [index, value];
    if (value > most) [high, most] = [index, value];
  }
  return [low, high];
}
