/** What came of one item; `problem` is null when it was done. */
export interface ItemResult<T> {
  readonly item: T;
  readonly problem: unknown;
}

/** Requests under way at a time: a browser keeps about six connections to one origin. */
const atOnce = 4;

/**
 * Does one thing to each item, a few at a time; a refusal stops none of the others.
 * @param onProgress told how many are finished. Results keep the order of the items.
 */
export async function actOnEach<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
  onProgress: (done: number) => void,
): Promise<readonly ItemResult<T>[]> {
  const results: ItemResult<T>[] = items.map((item) => ({ item, problem: null }));
  const queue = [...items.entries()];
  let done = 0;
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next;
      const problem = await act(item).then(
        () => null,
        (error: unknown) => error ?? new Error('refused without a reason'),
      );
      results[index] = { item, problem };
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}
