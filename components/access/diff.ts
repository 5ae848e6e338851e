export interface FieldChange {
  /** The field in dots: `definition.cron_expr`. */
  readonly path: string;
  /** As shown; null where the field was empty or absent. */
  readonly before: string | null;
  readonly after: string | null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field that is absent and one that is empty say the same. */
function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The fields that differ between two recorded values, in the order they were written. Lists are compared as a whole.
 * Either side may be null: then every field of the other is new or gone.
 */
export function changedFields(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (isRecord(before) || isRecord(after)) {
    const left = isRecord(before) ? before : {};
    const right = isRecord(after) ? after : {};
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].flatMap((name) =>
      changedFields(left[name], right[name], path === '' ? name : `${path}.${name}`),
    );
  }
  const [was, is] = [shown(before), shown(after)];
  return was === is ? [] : [{ path, before: was, after: is }];
}
