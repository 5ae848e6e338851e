/** Text as PostgreSQL takes it: it refuses zero bytes, and halves of a surrogate pair. Both become U+FFFD. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
