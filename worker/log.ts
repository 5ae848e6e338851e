import { pino } from 'pino';

/** Logs of this process, as JSON lines; secrets are redacted by field. */
export const log = pino({
  level: process.env['LOG_LEVEL'] ?? 'info',
  base: { pid: process.pid },
  redact: {
    paths: [
      'password',
      'secret',
      'token',
      '*.password',
      '*.secret',
      '*.token',
      'authorization',
      '*.authorization',
    ],
    censor: '[redacted]',
  },
  formatters: { level: (label) => ({ level: label }) },
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
});
