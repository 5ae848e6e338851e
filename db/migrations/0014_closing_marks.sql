CREATE TABLE "closing_marks" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"symbol" text NOT NULL,
	"trading_day" date NOT NULL,
	"price" numeric NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"origin" text NOT NULL,
	CONSTRAINT "closing_marks_scope_account_symbol_trading_day_pk" PRIMARY KEY("scope","account","symbol","trading_day")
);
--> statement-breakpoint
ALTER TABLE "daily_summaries" ADD COLUMN "reported_at" timestamp with time zone;