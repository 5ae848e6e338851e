DROP INDEX "runs_open";--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "rung_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "runs_by_job_id" ON "runs" USING btree ("scope","job_id","id");--> statement-breakpoint
CREATE INDEX "runs_by_trading_day" ON "runs" USING btree ("scope","trading_day","id");--> statement-breakpoint
CREATE INDEX "runs_ended" ON "runs" USING btree ("job","id") WHERE "runs"."state" in ('succeeded', 'failed', 'cancelled', 'skipped', 'quarantined');--> statement-breakpoint
CREATE INDEX "runs_cancel_asked" ON "runs" USING btree ("id") WHERE "runs"."cancel_requested_at" is not null and "runs"."state" in ('waiting', 'ready', 'dispatched', 'running');--> statement-breakpoint
CREATE INDEX "runs_open" ON "runs" USING btree ("job","id") WHERE "runs"."state" in ('waiting', 'ready', 'dispatched', 'running');