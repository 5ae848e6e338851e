// A throw-away PostgreSQL for tests: node bin/lib/test-server.mjs <folder>. Prints its superuser URL, and is deleted
// when the process that started it ends, however that happens.
import { rmSync } from 'node:fs';
import { whenParentGone } from './parent.mjs';
import { ensureHome } from './paths.mjs';
import { destroyServer, startServer } from './postgres.mjs';
import { report } from './stop-error.mjs';

const home = process.argv[2];
let ending = null;

function end() {
  ending ??= destroyServer(home)
    .catch(report)
    .finally(() => {
      rmSync(home, { recursive: true, force: true });
      process.exit();
    });
}

whenParentGone(end);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);
const staying = setInterval(() => undefined, 60_000);
try {
  ensureHome(home);
  // Tests need no durability, and many connections at once.
  const extra = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  const server = await startServer(home, { extra });
  process.stdout.write(`${JSON.stringify({ url: server.urls.admin })}\n`);
} catch (error) {
  report(error);
  clearInterval(staying);
  process.exit(1);
}
