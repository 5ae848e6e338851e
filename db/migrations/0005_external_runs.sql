ALTER TABLE "attempts" ALTER COLUMN "process_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "consumer" text;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "lease_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "deadline" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "attempts_leased" ON "attempts" USING btree ("lease_until") WHERE "attempts"."ended_at" is null and "attempts"."lease_until" is not null;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_held" CHECK (("attempts"."process_id" is null) = ("attempts"."consumer" is not null));