import * as setup from '#app/api/auth/setup/route.ts';
import * as signIn from '#app/api/auth/sign-in/route.ts';
import * as signOut from '#app/api/auth/sign-out/route.ts';
import * as health from '#app/api/health/route.ts';
import * as accounts from '#app/api/v1/[scope]/accounts/route.ts';
import * as alertAcknowledge from '#app/api/v1/[scope]/alerts/[alert_id]/acknowledge/route.ts';
import * as alerts from '#app/api/v1/[scope]/alerts/route.ts';
import * as killSwitch from '#app/api/v1/[scope]/kill-switch/route.ts';
import * as calendar from '#app/api/v1/[scope]/calendars/[calendar]/route.ts';
import * as calendarDay from '#app/api/v1/[scope]/calendars/[calendar]/days/[date]/route.ts';
import * as calendarDays from '#app/api/v1/[scope]/calendars/[calendar]/days/route.ts';
import * as calendarDayPreview from '#app/api/v1/[scope]/calendars/[calendar]/days/[date]/preview/route.ts';
import * as calendarDayJobs from '#app/api/v1/[scope]/calendar-days/[date]/route.ts';
import * as calendarCounts from '#app/api/v1/[scope]/calendar-days/route.ts';
import * as calendars from '#app/api/v1/[scope]/calendars/route.ts';
import * as desk from '#app/api/v1/[scope]/desk/route.ts';
import * as graph from '#app/api/v1/[scope]/graph/route.ts';
import * as idempotencyKeys from '#app/api/v1/[scope]/idempotency-keys/route.ts';
import * as job from '#app/api/v1/[scope]/jobs/[job_id]/route.ts';
import * as jobLastRun from '#app/api/v1/[scope]/jobs/[job_id]/last-run/route.ts';
import * as jobPause from '#app/api/v1/[scope]/jobs/[job_id]/pause/route.ts';
import * as jobPreview from '#app/api/v1/[scope]/jobs/[job_id]/preview/route.ts';
import * as jobResume from '#app/api/v1/[scope]/jobs/[job_id]/resume/route.ts';
import * as jobRunNow from '#app/api/v1/[scope]/jobs/[job_id]/run-now/route.ts';
import * as jobVersionRestore from '#app/api/v1/[scope]/jobs/[job_id]/versions/[version]/restore/route.ts';
import * as jobVersions from '#app/api/v1/[scope]/jobs/[job_id]/versions/route.ts';
import * as jobs from '#app/api/v1/[scope]/jobs/route.ts';
import * as lock from '#app/api/v1/[scope]/locks/[name]/route.ts';
import * as lockRelease from '#app/api/v1/[scope]/locks/[name]/release/route.ts';
import * as locks from '#app/api/v1/[scope]/locks/route.ts';
import * as brokerOrders from '#app/api/v1/[scope]/broker-orders/route.ts';
import * as fills from '#app/api/v1/[scope]/fills/route.ts';
import * as ledger from '#app/api/v1/[scope]/ledger/route.ts';
import * as simulatedMarket from '#app/api/v1/[scope]/simulated-market/route.ts';
import * as simulatedFaults from '#app/api/v1/[scope]/simulated-market/faults/route.ts';
import * as cancelOrder from '#app/api/v1/[scope]/orders/[order_id]/cancel/route.ts';
import * as resolveOrder from '#app/api/v1/[scope]/orders/[order_id]/resolve/route.ts';
import * as order from '#app/api/v1/[scope]/orders/[order_id]/route.ts';
import * as orders from '#app/api/v1/[scope]/orders/route.ts';
import * as positions from '#app/api/v1/[scope]/positions/route.ts';
import * as pnl from '#app/api/v1/[scope]/pnl/route.ts';
import * as preview from '#app/api/v1/[scope]/preview/route.ts';
import * as queueClaim from '#app/api/v1/[scope]/queues/[queue]/claim/route.ts';
import * as resourceGroups from '#app/api/v1/[scope]/resource-groups/route.ts';
import * as runCancel from '#app/api/v1/[scope]/runs/[run_id]/cancel/route.ts';
import * as runComplete from '#app/api/v1/[scope]/runs/[run_id]/complete/route.ts';
import * as runDiscard from '#app/api/v1/[scope]/runs/[run_id]/discard/route.ts';
import * as runFail from '#app/api/v1/[scope]/runs/[run_id]/fail/route.ts';
import * as runHeartbeat from '#app/api/v1/[scope]/runs/[run_id]/heartbeat/route.ts';
import * as runLogs from '#app/api/v1/[scope]/runs/[run_id]/logs/route.ts';
import * as runLogStream from '#app/api/v1/[scope]/runs/[run_id]/logs/stream/route.ts';
import * as runRelease from '#app/api/v1/[scope]/runs/[run_id]/release/route.ts';
import * as runRerun from '#app/api/v1/[scope]/runs/[run_id]/rerun/route.ts';
import * as run from '#app/api/v1/[scope]/runs/[run_id]/route.ts';
import * as runs from '#app/api/v1/[scope]/runs/route.ts';
import * as timeline from '#app/api/v1/[scope]/timeline/route.ts';
import * as scopeHealth from '#app/api/v1/[scope]/health/route.ts';
import * as summaries from '#app/api/v1/[scope]/summaries/route.ts';
import * as summaryDay from '#app/api/v1/[scope]/summaries/[date]/route.ts';
import * as summaryGenerate from '#app/api/v1/[scope]/summaries/[date]/generate/route.ts';
import * as symbolLockReconciled from '#app/api/v1/[scope]/symbol-locks/[symbol]/reconciled/route.ts';
import * as symbolLockRelease from '#app/api/v1/[scope]/symbol-locks/[symbol]/release/route.ts';
import * as symbolLocks from '#app/api/v1/[scope]/symbol-locks/route.ts';
import * as template from '#app/api/v1/[scope]/template/route.ts';
import * as templateDismiss from '#app/api/v1/[scope]/template/dismiss/route.ts';
import * as templateSimulate from '#app/api/v1/[scope]/template/simulate/route.ts';
import * as templateInstall from '#app/api/v1/[scope]/template/install/route.ts';
import * as traderCandidates from '#app/api/v1/[scope]/traders/[trader_id]/candidates/route.ts';
import * as traderPlayback from '#app/api/v1/[scope]/traders/[trader_id]/playback/route.ts';
import * as trader from '#app/api/v1/[scope]/traders/[trader_id]/route.ts';
import * as traderStart from '#app/api/v1/[scope]/traders/[trader_id]/start/route.ts';
import * as traderStop from '#app/api/v1/[scope]/traders/[trader_id]/stop/route.ts';
import * as traderHalt from '#app/api/v1/[scope]/traders/[trader_id]/halt/route.ts';
import * as traderResume from '#app/api/v1/[scope]/traders/[trader_id]/resume/route.ts';
import * as traderTransitions from '#app/api/v1/[scope]/traders/[trader_id]/transitions/route.ts';
import * as traders from '#app/api/v1/[scope]/traders/route.ts';
import * as audit from '#app/api/v1/instance/audit/route.ts';
import * as auditFacets from '#app/api/v1/instance/audit/facets/route.ts';
import * as candleImports from '#app/api/v1/instance/candle-imports/route.ts';
import * as candles from '#app/api/v1/instance/candles/route.ts';
import * as engine from '#app/api/v1/instance/engine/route.ts';
import * as instruments from '#app/api/v1/instance/instruments/route.ts';
import * as keys from '#app/api/v1/instance/keys/route.ts';
import * as keyRevoke from '#app/api/v1/instance/keys/[key_id]/revoke/route.ts';
import * as marketSources from '#app/api/v1/instance/market-sources/route.ts';
import * as me from '#app/api/v1/instance/me/route.ts';
import * as mePassword from '#app/api/v1/instance/me/password/route.ts';
import * as quotes from '#app/api/v1/instance/quotes/route.ts';
import * as scopes from '#app/api/v1/instance/scopes/route.ts';
import * as signIns from '#app/api/v1/instance/sign-ins/route.ts';
import * as signInRevoke from '#app/api/v1/instance/sign-ins/[sign_in_id]/revoke/route.ts';
import * as signInsRevokeOthers from '#app/api/v1/instance/sign-ins/revoke-others/route.ts';
import * as tasks from '#app/api/v1/instance/tasks/route.ts';
import * as users from '#app/api/v1/instance/users/route.ts';
import * as userDisable from '#app/api/v1/instance/users/[user_id]/disable/route.ts';
import * as userEnable from '#app/api/v1/instance/users/[user_id]/enable/route.ts';
import * as userGrants from '#app/api/v1/instance/users/[user_id]/grants/route.ts';
import * as userPassword from '#app/api/v1/instance/users/[user_id]/password/route.ts';
import * as live from '#app/api/v1/live/route.ts';
import type { ApiHandler } from './operation.ts';

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof methods)[number];
export type RouteModule = Partial<Readonly<Record<Method, ApiHandler>>>;

/** Every path of the API with its route file's exports; a test holds the list against the files. */
export const routes: Readonly<Record<string, RouteModule>> = {
  '/api/v1/{scope}/jobs': jobs,
  '/api/v1/{scope}/jobs/{job_id}': job,
  '/api/v1/{scope}/jobs/{job_id}/run-now': jobRunNow,
  '/api/v1/{scope}/jobs/{job_id}/pause': jobPause,
  '/api/v1/{scope}/jobs/{job_id}/resume': jobResume,
  '/api/v1/{scope}/jobs/{job_id}/last-run': jobLastRun,
  '/api/v1/{scope}/jobs/{job_id}/preview': jobPreview,
  '/api/v1/{scope}/jobs/{job_id}/versions': jobVersions,
  '/api/v1/{scope}/jobs/{job_id}/versions/{version}/restore': jobVersionRestore,
  '/api/v1/{scope}/preview': preview,
  '/api/v1/{scope}/calendars': calendars,
  '/api/v1/{scope}/calendars/{calendar}': calendar,
  '/api/v1/{scope}/calendars/{calendar}/days': calendarDays,
  '/api/v1/{scope}/calendars/{calendar}/days/{date}': calendarDay,
  '/api/v1/{scope}/calendars/{calendar}/days/{date}/preview': calendarDayPreview,
  '/api/v1/{scope}/calendar-days': calendarCounts,
  '/api/v1/{scope}/calendar-days/{date}': calendarDayJobs,
  '/api/v1/{scope}/timeline': timeline,
  '/api/v1/{scope}/runs': runs,
  '/api/v1/{scope}/runs/{run_id}': run,
  '/api/v1/{scope}/runs/{run_id}/logs': runLogs,
  '/api/v1/{scope}/runs/{run_id}/logs/stream': runLogStream,
  '/api/v1/{scope}/runs/{run_id}/cancel': runCancel,
  '/api/v1/{scope}/runs/{run_id}/rerun': runRerun,
  '/api/v1/{scope}/runs/{run_id}/release': runRelease,
  '/api/v1/{scope}/runs/{run_id}/discard': runDiscard,
  '/api/v1/{scope}/queues/{queue}/claim': queueClaim,
  '/api/v1/{scope}/runs/{run_id}/heartbeat': runHeartbeat,
  '/api/v1/{scope}/runs/{run_id}/complete': runComplete,
  '/api/v1/{scope}/runs/{run_id}/fail': runFail,
  '/api/v1/{scope}/pnl': pnl,
  '/api/v1/{scope}/summaries': summaries,
  '/api/v1/{scope}/summaries/{date}': summaryDay,
  '/api/v1/{scope}/summaries/{date}/generate': summaryGenerate,
  '/api/v1/{scope}/graph': graph,
  '/api/v1/{scope}/template': template,
  '/api/v1/{scope}/template/install': templateInstall,
  '/api/v1/{scope}/template/simulate': templateSimulate,
  '/api/v1/{scope}/template/dismiss': templateDismiss,
  '/api/v1/{scope}/health': scopeHealth,
  '/api/v1/{scope}/resource-groups': resourceGroups,
  '/api/v1/{scope}/locks': locks,
  '/api/v1/{scope}/locks/{name}': lock,
  '/api/v1/{scope}/locks/{name}/release': lockRelease,
  '/api/v1/{scope}/symbol-locks': symbolLocks,
  '/api/v1/{scope}/symbol-locks/{symbol}/release': symbolLockRelease,
  '/api/v1/{scope}/symbol-locks/{symbol}/reconciled': symbolLockReconciled,
  '/api/v1/{scope}/idempotency-keys': idempotencyKeys,
  '/api/v1/{scope}/accounts': accounts,
  '/api/v1/{scope}/kill-switch': killSwitch,
  '/api/v1/{scope}/alerts': alerts,
  '/api/v1/{scope}/alerts/{alert_id}/acknowledge': alertAcknowledge,
  '/api/v1/{scope}/desk': desk,
  '/api/v1/{scope}/traders': traders,
  '/api/v1/{scope}/traders/{trader_id}': trader,
  '/api/v1/{scope}/traders/{trader_id}/start': traderStart,
  '/api/v1/{scope}/traders/{trader_id}/stop': traderStop,
  '/api/v1/{scope}/traders/{trader_id}/halt': traderHalt,
  '/api/v1/{scope}/traders/{trader_id}/resume': traderResume,
  '/api/v1/{scope}/traders/{trader_id}/transitions': traderTransitions,
  '/api/v1/{scope}/traders/{trader_id}/candidates': traderCandidates,
  '/api/v1/{scope}/traders/{trader_id}/playback': traderPlayback,
  '/api/v1/{scope}/orders': orders,
  '/api/v1/{scope}/orders/{order_id}': order,
  '/api/v1/{scope}/orders/{order_id}/cancel': cancelOrder,
  '/api/v1/{scope}/orders/{order_id}/resolve': resolveOrder,
  '/api/v1/{scope}/broker-orders': brokerOrders,
  '/api/v1/{scope}/fills': fills,
  '/api/v1/{scope}/positions': positions,
  '/api/v1/{scope}/ledger': ledger,
  '/api/v1/{scope}/simulated-market': simulatedMarket,
  '/api/v1/{scope}/simulated-market/faults': simulatedFaults,
  '/api/v1/instance/engine': engine,
  '/api/v1/instance/scopes': scopes,
  '/api/v1/instance/tasks': tasks,
  '/api/v1/instance/market-sources': marketSources,
  '/api/v1/instance/instruments': instruments,
  '/api/v1/instance/quotes': quotes,
  '/api/v1/instance/candles': candles,
  '/api/v1/instance/candle-imports': candleImports,
  '/api/v1/instance/me': me,
  '/api/v1/instance/me/password': mePassword,
  '/api/v1/instance/users': users,
  '/api/v1/instance/users/{user_id}/grants': userGrants,
  '/api/v1/instance/users/{user_id}/password': userPassword,
  '/api/v1/instance/users/{user_id}/disable': userDisable,
  '/api/v1/instance/users/{user_id}/enable': userEnable,
  '/api/v1/instance/keys': keys,
  '/api/v1/instance/keys/{key_id}/revoke': keyRevoke,
  '/api/v1/instance/sign-ins': signIns,
  '/api/v1/instance/sign-ins/revoke-others': signInsRevokeOthers,
  '/api/v1/instance/sign-ins/{sign_in_id}/revoke': signInRevoke,
  '/api/v1/instance/audit': audit,
  '/api/v1/instance/audit/facets': auditFacets,
  '/api/v1/live': live,
  '/api/auth/setup': setup,
  '/api/auth/sign-in': signIn,
  '/api/auth/sign-out': signOut,
  '/api/health': health,
};

export interface ListedOperation {
  readonly path: string;
  readonly method: Method;
  readonly operation: ApiHandler['operation'];
}

/** Every operation, in the order of the list. */
export function listedOperations(): ListedOperation[] {
  return Object.entries(routes).flatMap(([path, module]) =>
    methods.flatMap((method) => {
      const handler = module[method];
      return handler === undefined ? [] : [{ path, method, operation: handler.operation }];
    }),
  );
}
