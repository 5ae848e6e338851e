CREATE TABLE "job_edges" (
	"scope" text NOT NULL,
	"upstream" bigint NOT NULL,
	"downstream" bigint NOT NULL,
	"kind" text NOT NULL,
	"on_end" text NOT NULL,
	"satisfied_by" text NOT NULL,
	"each" boolean NOT NULL,
	CONSTRAINT "job_edges_upstream_downstream_pk" PRIMARY KEY("upstream","downstream")
);
--> statement-breakpoint
CREATE TABLE "plugin_tasks" (
	"name" text PRIMARY KEY NOT NULL,
	"description" text NOT NULL,
	"params_schema" jsonb NOT NULL,
	"file" text NOT NULL,
	"build" text NOT NULL,
	"problem" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"owner" text NOT NULL,
	"hits" integer DEFAULT 0 NOT NULL,
	"last_hit_at" timestamp with time zone,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "named_locks" (
	"scope" text NOT NULL,
	"name" text NOT NULL,
	"lock_id" integer NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"holder_run" uuid,
	"holder_attempt" integer,
	"holder" text,
	"token" uuid,
	"since" timestamp with time zone,
	"until" timestamp with time zone,
	"why" text,
	"failures" bigint DEFAULT 0 NOT NULL,
	"last_failure_at" timestamp with time zone,
	CONSTRAINT "named_locks_scope_name_pk" PRIMARY KEY("scope","name"),
	CONSTRAINT "named_locks_id" UNIQUE("scope","lock_id")
);
--> statement-breakpoint
CREATE TABLE "symbol_locks" (
	"scope" text NOT NULL,
	"symbol" text NOT NULL,
	"trader" text,
	"fencing" bigint DEFAULT 0 NOT NULL,
	"since" timestamp with time zone,
	"heartbeat_at" timestamp with time zone,
	"until" timestamp with time zone,
	"has_position" boolean DEFAULT false NOT NULL,
	"needs_reconcile" boolean DEFAULT false NOT NULL,
	"last_trader" text,
	"ended_at" timestamp with time zone,
	"ended_why" text,
	CONSTRAINT "symbol_locks_scope_symbol_pk" PRIMARY KEY("scope","symbol")
);
--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "mode" text DEFAULT 'runs' NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "locks" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "lock_wait_sec" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "lock_timeout_sec" integer DEFAULT 300 NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "critical" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "waits_for" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "ignores_gates" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "tells_downstream" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "locks" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "lock_wait_sec" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "lock_wait_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "mode" text DEFAULT 'runs' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "service_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "service" jsonb;--> statement-breakpoint
ALTER TABLE "scopes" ADD COLUMN "graph_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "scopes" ADD COLUMN "template" text DEFAULT 'offered' NOT NULL;--> statement-breakpoint
ALTER TABLE "job_edges" ADD CONSTRAINT "job_edges_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_edges" ADD CONSTRAINT "job_edges_upstream_jobs_id_fk" FOREIGN KEY ("upstream") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_edges" ADD CONSTRAINT "job_edges_downstream_jobs_id_fk" FOREIGN KEY ("downstream") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "named_locks" ADD CONSTRAINT "named_locks_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "symbol_locks" ADD CONSTRAINT "symbol_locks_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "job_edges_downstream" ON "job_edges" USING btree ("downstream");--> statement-breakpoint
CREATE INDEX "job_edges_scope" ON "job_edges" USING btree ("scope");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expires" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" USING btree ("scope","created_at");--> statement-breakpoint
CREATE INDEX "named_locks_held" ON "named_locks" USING btree ("holder_run") WHERE "named_locks"."holder_run" is not null;--> statement-breakpoint
CREATE INDEX "symbol_locks_until" ON "symbol_locks" USING btree ("until") WHERE "symbol_locks"."trader" is not null;--> statement-breakpoint
CREATE INDEX "symbol_locks_trader" ON "symbol_locks" USING btree ("scope","trader");--> statement-breakpoint
CREATE INDEX "runs_waiting_for" ON "runs" USING btree ("waits_for","scope","job") WHERE "runs"."waits_for" is not null;--> statement-breakpoint
CREATE INDEX "runs_tell_downstream" ON "runs" USING btree ("id") WHERE "runs"."tells_downstream";--> statement-breakpoint
CREATE INDEX "runs_of_job_and_day" ON "runs" USING btree ("job","trading_day","scheduled_for");--> statement-breakpoint
UPDATE runs SET waits_for = 'retry' WHERE state = 'waiting';--> statement-breakpoint
ALTER TABLE runs ADD CONSTRAINT runs_waits_for CHECK ((state = 'waiting') = (waits_for is not null) AND waits_for in ('retry', 'upstream', 'lock'));--> statement-breakpoint
ALTER TABLE jobs ADD CONSTRAINT jobs_mode CHECK (mode in ('runs', 'service'));--> statement-breakpoint
ALTER TABLE job_edges ADD CONSTRAINT job_edges_rules CHECK (kind in ('gate', 'trigger', 'both') AND on_end in ('success', 'any') AND satisfied_by in ('latest', 'any', 'all') AND upstream <> downstream);--> statement-breakpoint
ALTER TABLE named_locks ADD CONSTRAINT named_locks_held CHECK ((holder is null) = (since is null) AND (holder is not null OR (holder_run is null AND token is null)));--> statement-breakpoint
ALTER TABLE symbol_locks ADD CONSTRAINT symbol_locks_held CHECK ((trader is null) = (since is null) AND (trader is null) = (until is null));--> statement-breakpoint
INSERT INTO named_locks (scope, name, lock_id, description)
SELECT s.name, l.name, l.id, l.description FROM scopes s CROSS JOIN (VALUES
  ('trading_cycle', 1001, 'One trading cycle at a time.'),
  ('position_management', 1002, 'One pass over the positions at a time.')) AS l(name, id, description);
