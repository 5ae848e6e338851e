import type { PluginRun } from './api.ts';

/** What a thread is started with. */
export type ThreadOrder =
  | { readonly kind: 'describe'; readonly file: string; readonly folder: string }
  | {
      readonly kind: 'run';
      readonly file: string;
      readonly folder: string;
      readonly name: string;
      readonly params: unknown;
      readonly run: PluginRun;
    };

/** What a thread tells. `log` is answered with `logged` of the same number. */
export type FromThread =
  | {
      readonly kind: 'described';
      readonly name: string;
      readonly description: string;
      readonly schema: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'log'; readonly at: number; readonly stream: 'stdout' | 'stderr'; readonly line: string }
  | {
      readonly kind: 'progress';
      readonly done: number;
      readonly total: number | null;
      readonly text: string | null;
    }
  | { readonly kind: 'done'; readonly next_delay_sec: number | null }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string; readonly retry: boolean }
  | { readonly kind: 'invalid'; readonly field: string; readonly message: string };

/** What a thread is told. */
export type ToThread =
  { readonly kind: 'logged'; readonly at: number } | { readonly kind: 'stop'; readonly why: string };
