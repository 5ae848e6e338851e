import {
  type Document,
  LineCounter,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  visit,
} from 'yaml';

/** One thing wrong with a file of jobs. Lines count from 1; `field` is in dots, empty for the entry itself. */
export interface FileProblem {
  readonly line: number;
  readonly job_id: string | null;
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** One job as the file gives it, unchecked, and where each of its fields stands. */
export interface FileEntry {
  readonly job_id: string | null;
  readonly line: number;
  readonly value: unknown;
  /** The line of a field; of the nearest field around it where it is absent. */
  lineOf(path: readonly (string | number)[]): number;
  /** What stands at a field; undefined where nothing does. */
  valueAt(path: readonly (string | number)[]): unknown;
}

export interface JobFile {
  readonly entries: readonly FileEntry[];
  readonly problems: readonly FileProblem[];
}

interface Reader {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly problems: FileProblem[];
  lineAt(offset: number): number;
}

const quoteIt =
  'a value that begins with "*" or "@" must be in quotes, as in cron_expr: "*/5 9-15 * * 1-5" — without them YAML reads a reference';

function problem(line: number, code: string, message: string, job_id: string | null = null): FileProblem {
  return { line, job_id, field: '', code, message };
}

function startOf(node: unknown): number | null {
  return isScalar(node) || isCollection(node) || isAlias(node) ? (node.range?.[0] ?? null) : null;
}

/** Whether the line of an offset holds an unquoted value that begins with a sign YAML keeps for itself. */
function unquoted(text: string, offset: number): boolean {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return /(?::|-|\[|,)\s+[*@]/.test(text.slice(from, end === -1 ? undefined : end));
}

function syntaxProblems({ text, document, lineAt }: Reader): FileProblem[] {
  const found = document.errors.map((error) => {
    const line = lineAt(error.pos[0]);
    if (unquoted(text, error.pos[0])) return problem(line, 'needs_quotes', quoteIt);
    if (error.code === 'MULTIPLE_DOCS')
      return problem(line, 'several_documents', 'the file holds several documents ("---"): keep one');
    return problem(line, 'malformed', error.message);
  });
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined)
        found.push(problem(lineAt(alias.range?.[0] ?? 0), 'needs_quotes', quoteIt));
    },
  });
  const lines = new Set<number>();
  return found.filter(({ line }) => !lines.has(line) && lines.add(line) !== undefined);
}

/** Follows a path to the key that stands there, or as near to it as the file comes. */
function offsetOf(document: Document.Parsed, entry: unknown, path: readonly (string | number)[]): number {
  let at = startOf(entry) ?? 0;
  let node: unknown = entry;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined) return at;
      at = startOf(pair.key) ?? at;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      at = startOf(node) ?? at;
    } else return at;
  }
  return at;
}

function valueIn(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null
        ? Object.entries(at).find(([name]) => name === String(part))?.[1]
        : undefined,
    value,
  );
}

function entryOf(reader: Reader, node: unknown, value: unknown, key: unknown): FileEntry {
  const { document, lineAt } = reader;
  const given = valueIn(value, ['job_id']);
  const named = isScalar(key) ? String(key.value) : null;
  const line = lineAt(startOf(key) ?? startOf(node) ?? 0);
  const job_id = named ?? (typeof given === 'string' || typeof given === 'number' ? String(given) : null);
  if (named !== null && given !== undefined && given !== named)
    reader.problems.push({
      ...problem(
        line,
        'job_id_twice',
        `stands under "${named}" but says job_id: ${JSON.stringify(given)}`,
        named,
      ),
      field: 'job_id',
    });
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    job_id,
    line,
    value: named !== null && isObject ? { ...value, job_id: named } : value,
    lineOf: (path) => {
      const found = offsetOf(document, node, path);
      return path.length === 0 || found === startOf(node) ? line : lineAt(found);
    },
    valueAt: (path) => valueIn(value, path),
  };
}

/** The node under `jobs`, or the whole file where it is a bare list. */
function jobsNode(reader: Reader): unknown {
  const { document, problems, lineAt } = reader;
  const root: unknown = document.contents;
  if (isSeq(root)) return root;
  if (!isMap(root)) {
    problems.push(
      problem(1, 'no_jobs', 'the file must have `jobs:` with a list of jobs, or a map of job_id to fields'),
    );
    return null;
  }
  for (const item of root.items) {
    const name = isScalar(item.key) ? String(item.key.value) : '';
    if (name !== 'jobs' && !name.startsWith('x-'))
      problems.push(
        problem(
          lineAt(startOf(item.key) ?? 0),
          'unknown_field',
          `there is no "${name}" at the top of the file: jobs go under \`jobs:\`, notes and shared parts under x-…`,
        ),
      );
  }
  const node = root.get('jobs', true);
  if (isSeq(node) || isMap(node)) return node;
  const key = root.items.find((item) => isScalar(item.key) && item.key.value === 'jobs')?.key;
  if (key !== undefined || problems.length === 0)
    problems.push(
      problem(
        lineAt(startOf(key) ?? 0),
        'no_jobs',
        '`jobs:` must hold a list of jobs, or a map of job_id to fields',
      ),
    );
  return null;
}

/** @throws ReferenceError when references multiply beyond reason. */
function entriesOf(reader: Reader, node: unknown): FileEntry[] {
  const { document } = reader;
  const plain = (item: unknown): unknown =>
    isCollection(item) || isScalar(item) || isAlias(item) ? item.toJS(document) : item;
  const target = (item: unknown): unknown => (isAlias(item) ? item.resolve(document) : item);
  if (isSeq(node)) return node.items.map((item) => entryOf(reader, target(item), plain(item), null));
  if (!isMap(node)) return [];
  return node.items.flatMap((item) =>
    isPair(item) ? [entryOf(reader, target(item.value), plain(item.value) ?? {}, item.key)] : [],
  );
}

function twice(entries: readonly FileEntry[]): FileProblem[] {
  const first = new Map<string, number>();
  return entries.flatMap(({ job_id, line }) => {
    const before = job_id === null ? undefined : first.get(job_id);
    if (job_id !== null && before === undefined) first.set(job_id, line);
    return before === undefined
      ? []
      : [problem(line, 'job_id_twice', `"${job_id}" stands in line ${before} already: give it once`, job_id)];
  });
}

/**
 * Reads a file of jobs, YAML 1.2 or JSON: `jobs:` with a list, or a map of job_id to fields; a bare list serves too.
 * Anchors and `<<` may share parts. The fields themselves are not checked here.
 */
export function readJobFile(text: string): JobFile {
  const counter = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ' '), {
    lineCounter: counter,
    prettyErrors: false,
    merge: true,
  });
  const lineAt = (offset: number) => Math.max(1, counter.linePos(offset).line);
  const reader: Reader = { text, document, problems: [], lineAt };
  const syntax = syntaxProblems(reader);
  if (syntax.length > 0) return { entries: [], problems: syntax };
  const node = jobsNode(reader);
  let entries: FileEntry[];
  try {
    entries = entriesOf(reader, node);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { entries: [], problems: [problem(1, 'malformed', message)] };
  }
  if (node !== null && entries.length === 0)
    reader.problems.push(problem(lineAt(startOf(node) ?? 0), 'no_jobs', 'there are no jobs in the file'));
  return { entries, problems: [...reader.problems, ...twice(entries)] };
}
