CREATE TABLE "calendar_exceptions" (
	"scope" text NOT NULL,
	"calendar" text NOT NULL,
	"date" date NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"exception" jsonb NOT NULL,
	"author_name" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "calendar_exceptions_scope_calendar_date_pk" PRIMARY KEY("scope","calendar","date")
);
--> statement-breakpoint
CREATE TABLE "calendars" (
	"scope" text NOT NULL,
	"id" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "calendars_scope_id_pk" PRIMARY KEY("scope","id")
);
--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "candle" jsonb;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "session" jsonb;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "calendar" text;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "on_closed" text DEFAULT 'skip' NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "time_window" text;--> statement-breakpoint
ALTER TABLE "scopes" ADD COLUMN "calendars_token" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "calendar_exceptions" ADD CONSTRAINT "calendar_exceptions_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "jobs_calendar" ON "jobs" USING btree ("scope","calendar") WHERE "jobs"."calendar" is not null;