/**
 * Errors that a person or a client can act on. Every one carries a stable `code` and `params`;
 * the text is rendered from messages/{ko,en}.json (`errors.<code>`), the English `message` is for logs and the API.
 */
export type ErrorParams = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** One thing wrong with one field. `path` uses the API's snake_case names. */
export interface FieldIssue {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
  readonly params?: ErrorParams;
}

export const problemStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  unprocessable: 422,
  too_many: 429,
  fault: 500,
  unavailable: 503,
} as const;
export type ProblemKind = keyof typeof problemStatus;

/** The only error class our rules and operations throw on purpose; anything else is a defect (500). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly code: string;
  readonly params: ErrorParams;
  readonly issues: readonly FieldIssue[];

  constructor(
    kind: ProblemKind,
    code: string,
    message: string,
    params: ErrorParams = {},
    issues: readonly FieldIssue[] = [],
  ) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.params = params;
    this.issues = issues;
  }

  get status(): number {
    return problemStatus[this.kind];
  }
}

/** 400 that names one field. */
export function invalidField(path: string, code: string, message: string, params: ErrorParams = {}): Problem {
  return new Problem('invalid', 'invalid', `${path}: ${message}`, {}, [
    { path: path.split('.'), code, message, params },
  ]);
}

export function notFound(entity: string, id: string): Problem {
  return new Problem('not_found', `${entity}_not_found`, `No ${entity} "${id}" here.`, { id });
}

export function conflict(code: string, message: string, params: ErrorParams = {}): Problem {
  return new Problem('conflict', code, message, params);
}
