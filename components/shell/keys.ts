/** The parts of a key press that decide about shortcuts. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly keyCode: number;
  readonly isComposing: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly target: EventTarget | null;
}

/** Whether the press belongs to text being typed: a field, an editable region, or an input method at work. */
export function takesTyping(press: Pick<KeyPress, 'isComposing' | 'keyCode' | 'target'>): boolean {
  if (press.isComposing || press.keyCode === 229) return true;
  if (typeof Element === 'undefined' || !(press.target instanceof Element)) return false;
  if (
    press.target.closest(
      'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role=combobox], [role=textbox]',
    ) !== null
  )
    return true;
  return false;
}

/**
 * The key as shortcuts name it; null with a modifier. With a Korean layout the J key types ㅓ: such keys
 * are read by their place on the keyboard.
 */
export function keyOf(
  press: Pick<KeyPress, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): string | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (/^[ㄱ-ㆎ]$/u.test(press.key)) return /^Key([A-Z])$/.exec(press.code)?.[1]?.toLowerCase() ?? null;
  return /^[A-Z]$/.test(press.key) ? null : press.key;
}

type Match<T> =
  { readonly kind: 'found'; readonly shortcut: T } | { readonly kind: 'begun' } | { readonly kind: 'none' };

/**
 * Finds what a key means.
 * @param first the key pressed just before, when it begins a sequence.
 */
export function matchKeys<T extends { readonly keys: string }>(
  bound: readonly T[],
  first: string | null,
  key: string,
): Match<T> {
  const find = (keys: string) => bound.findLast((shortcut) => shortcut.keys === keys);
  const found = (first === null ? undefined : find(`${first} ${key}`)) ?? find(key);
  if (found !== undefined) return { kind: 'found', shortcut: found };
  return bound.some((shortcut) => shortcut.keys.startsWith(`${key} `)) ? { kind: 'begun' } : { kind: 'none' };
}
