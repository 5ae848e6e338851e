export interface SseEvent {
  readonly event: string;
  readonly data: string;
  readonly id?: string;
}

/** One event on the wire. Line breaks in the data become several data lines. */
export function encodeEvent({ event, data, id }: SseEvent): string {
  const head = id === undefined ? '' : `id: ${id}\n`;
  return `${head}event: ${event}\n${data
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join('')}\n`;
}

export const keepalive = ': keepalive\n\n';

/** How soon a browser comes back after the stream ends. */
export function retryLine(ms: number): string {
  return `retry: ${ms}\n\n`;
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
  connection: 'keep-alive',
} as const;

/**
 * Streams what a generator yields. It is asked for more only when the reader took the last: a slow reader holds
 * nothing but what the generator gathers. `stop` wakes and ends the generator when the reader leaves.
 */
export function eventStream(source: AsyncGenerator<string, void, void>, stop: () => void): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await source.next();
        if (next.done === true) {
          stop();
          controller.close();
        } else controller.enqueue(encoder.encode(next.value));
      } catch (error) {
        stop();
        controller.error(error);
      }
    },
    cancel: stop,
  });
  return new Response(body, { headers });
}
