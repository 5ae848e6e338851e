CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"grants" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"count" integer NOT NULL,
	"last_request" bigint NOT NULL,
	CONSTRAINT "rate_limits_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "setup_links" (
	"hash" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sign_ins_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "user_roles" (
	"user_id" text NOT NULL,
	"scope" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "user_roles_user_id_scope_role_pk" PRIMARY KEY("user_id","scope","role")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"is_owner" boolean DEFAULT false NOT NULL,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"operation" text NOT NULL,
	"scope" text,
	"entity_type" text NOT NULL,
	"entity_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"request_id" text
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"topic" text NOT NULL,
	"entity" text NOT NULL,
	"scope" text,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
) PARTITION BY RANGE ("recorded_at");
--> statement-breakpoint
CREATE TABLE "idempotent_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"fingerprint" text NOT NULL,
	"response" jsonb,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instance" (
	"id" text PRIMARY KEY DEFAULT 'instance' NOT NULL,
	"instance_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"schema_version" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leader_heartbeat" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leadership" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"process_id" uuid,
	"since" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "processes_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"lane" text DEFAULT 'live' NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"build" text NOT NULL,
	"pool_id" text,
	"state" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "processes_number_unique" UNIQUE("number"),
	CONSTRAINT "processes_state_known" CHECK ("processes"."state" in ('live', 'draining', 'stopped', 'lost'))
);
--> statement-breakpoint
CREATE TABLE "resource_groups" (
	"scope" text NOT NULL,
	"name" text NOT NULL,
	"capacity" integer NOT NULL,
	"kind" text DEFAULT 'group' NOT NULL,
	CONSTRAINT "resource_groups_scope_name_pk" PRIMARY KEY("scope","name"),
	CONSTRAINT "resource_groups_capacity" CHECK ("resource_groups"."capacity" between 0 and 10000)
);
--> statement-breakpoint
CREATE TABLE "slots" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"job" bigint NOT NULL,
	"resource_group" text,
	"taken_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_versions" (
	"job" bigint NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"author_kind" text NOT NULL,
	"author_id" text NOT NULL,
	"author_name" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"restored_from" integer,
	CONSTRAINT "job_versions_job_version_pk" PRIMARY KEY("job","version")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "jobs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"scope" text NOT NULL,
	"job_id" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"description" text NOT NULL,
	"task" text NOT NULL,
	"params" jsonb NOT NULL,
	"queue" text NOT NULL,
	"cron_expr" text,
	"interval_seconds" integer,
	"time_zone" text NOT NULL,
	"reschedule_mode" text NOT NULL,
	"enabled" boolean NOT NULL,
	"max_parallel" integer NOT NULL,
	"overlap" text NOT NULL,
	"misfire" text NOT NULL,
	"misfire_grace_sec" integer NOT NULL,
	"timeout_sec" integer NOT NULL,
	"retry_limit" integer NOT NULL,
	"retry_delay_sec" integer NOT NULL,
	"retry_max_delay_sec" integer NOT NULL,
	"retry_jitter" double precision NOT NULL,
	"priority" integer NOT NULL,
	"resource_group" text,
	"telemetry_label" text,
	"keep_runs" integer NOT NULL,
	"schedule_anchor" timestamp with time zone NOT NULL,
	"next_due_at" timestamp with time zone,
	"last_run_at" timestamp with time zone,
	"last_status" text,
	"last_error" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "jobs_priority" CHECK ("jobs"."priority" between 0 and 3)
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"run_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"token" uuid NOT NULL,
	"process_id" uuid NOT NULL,
	"host" text NOT NULL,
	"child_pid" integer,
	"child_start" text,
	"params" jsonb NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"reason" jsonb,
	"exit_code" integer,
	"error" text,
	CONSTRAINT "attempts_run_id_attempt_pk" PRIMARY KEY("run_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "run_history" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "run_history_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"run_id" uuid NOT NULL,
	"scope" text NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"reason" jsonb NOT NULL,
	"actor" text NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
) PARTITION BY RANGE ("recorded_at");
--> statement-breakpoint
CREATE TABLE "run_logs" (
	"run_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"stream" text NOT NULL,
	"line" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
) PARTITION BY RANGE ("recorded_at");
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"job" bigint NOT NULL,
	"job_id" text NOT NULL,
	"job_version" integer NOT NULL,
	"task" text NOT NULL,
	"queue" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"trigger_source" text NOT NULL,
	"state" text NOT NULL,
	"reason" jsonb NOT NULL,
	"priority" integer NOT NULL,
	"resource_group" text,
	"max_parallel" integer NOT NULL,
	"params" jsonb NOT NULL,
	"trading_day" date NOT NULL,
	"scheduled_for" timestamp with time zone NOT NULL,
	"queued_at" timestamp with time zone NOT NULL,
	"not_before" timestamp with time zone,
	"dispatched_at" timestamp with time zone,
	"dispatch" integer DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"process_id" uuid,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"progress" jsonb,
	"cancel_requested_at" timestamp with time zone,
	"cancel_reason" jsonb,
	CONSTRAINT "runs_dedupe" UNIQUE("job","dedupe_key")
);
--> statement-breakpoint
CREATE TABLE "scopes" (
	"name" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"number" integer NOT NULL,
	"clock_kind" text DEFAULT 'wall' NOT NULL,
	"clock_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "scopes_number_unique" UNIQUE("number"),
	CONSTRAINT "scopes_kind" CHECK ("scopes"."kind" in ('real', 'mock', 'rehearsal')),
	CONSTRAINT "scopes_clock" CHECK (("scopes"."clock_kind" = 'wall') = ("scopes"."clock_at" is null))
);
--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resource_groups" ADD CONSTRAINT "resource_groups_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slots" ADD CONSTRAINT "slots_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_versions" ADD CONSTRAINT "job_versions_job_jobs_id_fk" FOREIGN KEY ("job") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_job_jobs_id_fk" FOREIGN KEY ("job") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sign_ins_user" ON "sign_ins" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "audit_entity" ON "audit" USING btree ("entity_type","entity_id","id");--> statement-breakpoint
CREATE INDEX "changes_id" ON "changes" USING btree ("id");--> statement-breakpoint
CREATE INDEX "processes_state" ON "processes" USING btree ("state");--> statement-breakpoint
CREATE INDEX "slots_scope" ON "slots" USING btree ("scope","resource_group");--> statement-breakpoint
CREATE INDEX "slots_job" ON "slots" USING btree ("job");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_scope_job_id" ON "jobs" USING btree ("scope","job_id") WHERE "jobs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("next_due_at") WHERE "jobs"."enabled" and "jobs"."next_due_at" is not null;--> statement-breakpoint
CREATE INDEX "attempts_of_process" ON "attempts" USING btree ("process_id") WHERE "attempts"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "run_history_run" ON "run_history" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "run_logs_run" ON "run_logs" USING btree ("run_id","seq");--> statement-breakpoint
CREATE INDEX "runs_by_scope" ON "runs" USING btree ("scope","id");--> statement-breakpoint
CREATE INDEX "runs_by_job" ON "runs" USING btree ("job","id");--> statement-breakpoint
CREATE INDEX "runs_by_state" ON "runs" USING btree ("scope","state","id");--> statement-breakpoint
CREATE INDEX "runs_ready" ON "runs" USING btree ("scope","priority","queued_at") WHERE "runs"."state" = 'ready';--> statement-breakpoint
CREATE INDEX "runs_waiting" ON "runs" USING btree ("not_before") WHERE "runs"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "runs_open" ON "runs" USING btree ("job") WHERE "runs"."state" in ('waiting', 'ready', 'dispatched', 'running');--> statement-breakpoint
CREATE INDEX "runs_of_process" ON "runs" USING btree ("process_id") WHERE "runs"."state" = 'running';