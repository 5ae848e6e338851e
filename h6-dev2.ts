import { connect } from '#db/core/client.ts';
import { listTraders } from '#db/traders/page-list.ts';
const db = connect('postgres://postgres:pg@127.0.0.1:5446/h6dev', { max: 2, applicationName: 'h6' });
try { console.log((await listTraders(db, 'mock', { limit: 10 })).items.length); } catch (e) { console.log(String(e).slice(0,600), String((e as Error).cause)); }
await db.$client.end();
