/** Rolling windows with exact answers: what they say equals the plain computation over the window, on every input. */

/** Sum of the last `size` values. Integers are summed as they come and go; others anew, oldest first. */
export class RollingSum {
  readonly size: number;
  readonly #ring: Float64Array;
  #at = 0;
  #count = 0;
  #sum = 0;
  #fractions = 0;

  constructor(size: number) {
    this.size = size;
    this.#ring = new Float64Array(size);
  }

  get full(): boolean {
    return this.#count === this.size;
  }

  push(value: number): void {
    const old = this.#ring[this.#at] ?? 0;
    this.#ring[this.#at] = value;
    this.#at = this.#at + 1 === this.size ? 0 : this.#at + 1;
    if (this.#count < this.size) this.#count += 1;
    if (Number.isSafeInteger(old)) this.#sum -= old;
    else this.#fractions -= 1;
    if (Number.isSafeInteger(value)) this.#sum += value;
    else this.#fractions += 1;
  }

  sum(): number {
    if (this.#fractions === 0) return this.#sum;
    let sum = 0;
    const first = this.full ? this.#at : 0;
    for (let k = 0; k < this.#count; k += 1) sum += this.#ring[(first + k) % this.size] ?? 0;
    return sum;
  }
}

/**
 * Largest (`sign` 1) or smallest (`sign` -1) of the last `size` values, amortised O(1): the ascending-minima queue
 * (D. Lemire, "Streaming maximum-minimum filter using no more than three comparisons per element", 2006).
 */
export class RollingExtreme {
  readonly #size: number;
  readonly #sign: 1 | -1;
  readonly #values: Float64Array;
  readonly #born: Float64Array;
  #head = 0;
  #length = 0;
  #count = 0;

  constructor(size: number, sign: 1 | -1) {
    this.#size = size;
    this.#sign = sign;
    this.#values = new Float64Array(size);
    this.#born = new Float64Array(size);
  }

  get full(): boolean {
    return this.#count >= this.#size;
  }

  push(value: number): void {
    const size = this.#size;
    if (this.#length > 0 && (this.#born[this.#head] ?? 0) <= this.#count - size) {
      this.#head = this.#head + 1 === size ? 0 : this.#head + 1;
      this.#length -= 1;
    }
    const signed = value * this.#sign;
    while (this.#length > 0) {
      const last = this.#slot(this.#length - 1);
      if ((this.#values[last] ?? 0) * this.#sign > signed) break;
      this.#length -= 1;
    }
    const slot = this.#slot(this.#length);
    this.#values[slot] = value;
    this.#born[slot] = this.#count;
    this.#length += 1;
    this.#count += 1;
  }

  /** Only meaningful after the first `push`. */
  value(): number {
    return this.#values[this.#head] ?? 0;
  }

  #slot(index: number): number {
    const at = this.#head + index;
    return at >= this.#size ? at - this.#size : at;
  }
}
