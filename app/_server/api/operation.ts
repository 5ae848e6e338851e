import type { z } from 'zod';
import type { Permission } from '#domain/access/access.ts';

/** Who may call: whoever holds a permission, anybody signed in (or with a key), or everybody. */
export type Access = Permission | 'signed-in' | 'public';

export interface ApiResponse<Schema extends z.ZodType | null = z.ZodType | null> {
  readonly status: 200 | 201 | 202 | 204;
  /** Shapes the answer: fields it does not name are not sent. Null for an answer without a body, or a stream. */
  readonly schema: Schema;
  readonly contentType?: 'application/json' | 'text/event-stream' | 'text/csv';
  readonly description?: string;
}

/** Subjects of the API, in the order of its document. */
export const tags = [
  'Jobs',
  'Runs',
  'Consumers',
  'Calendars',
  'Locks',
  'Traders',
  'Orders',
  'Accounts',
  'Performance',
  'Kill switch',
  'Alerts',
  'Market',
  'Engine',
  'Instance',
  'Access',
  'Live',
] as const;

/** What one method of one path does; the OpenAPI document and the page of it are made from these. */
export interface ApiOperation {
  /** Unique, lower camel case: `listJobs`. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: (typeof tags)[number];
  readonly permission: Access;
  /** Whether the path begins with a scope. */
  readonly scope: boolean;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Parsed before the handler runs. */
  readonly body?: z.ZodType;
  /** Describes a body that the database operation parses itself. */
  readonly rawBody?: z.ZodType;
  /** The body is a file of one of these types, at most so many bytes. */
  readonly bytes?: { readonly max: number; readonly types: readonly string[] };
  /** A body that is accepted, for the documentation. */
  readonly example?: unknown;
  readonly response: ApiResponse;
}

/** A route handler as Next calls it, with its description. */
export type ApiHandler = ((request: Request, context: RouteContext) => Promise<Response>) & {
  readonly operation: ApiOperation;
};

export interface RouteContext {
  readonly params: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}
