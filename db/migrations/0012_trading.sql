CREATE TABLE "accounts" (
	"scope" text NOT NULL,
	"id" text NOT NULL,
	"number" integer GENERATED ALWAYS AS IDENTITY (sequence name "accounts_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"broker" text NOT NULL,
	"venue" text NOT NULL,
	"calendar" text NOT NULL,
	"currency" text DEFAULT 'KRW' NOT NULL,
	"feed" text NOT NULL,
	"fees" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"limits" jsonb NOT NULL,
	"stopped_day" date,
	"stopped_reason" jsonb,
	"ready" boolean DEFAULT false NOT NULL,
	"ready_reason" jsonb,
	"reconciled_at" timestamp with time zone,
	"drift" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"broker_cash" numeric,
	"broker_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "accounts_scope_id_pk" PRIMARY KEY("scope","id"),
	CONSTRAINT "accounts_number" UNIQUE("number")
);
--> statement-breakpoint
CREATE TABLE "broker_positions" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"symbol" text NOT NULL,
	"quantity" numeric NOT NULL,
	"sellable" numeric NOT NULL,
	"average" numeric,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "broker_positions_scope_account_symbol_pk" PRIMARY KEY("scope","account","symbol")
);
--> statement-breakpoint
CREATE TABLE "controls" (
	"scope" text NOT NULL,
	"level" text NOT NULL,
	"subject" text NOT NULL,
	"mode" text DEFAULT 'running' NOT NULL,
	"flatten" boolean DEFAULT false NOT NULL,
	"reason" text,
	"actor_name" text,
	"at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"carried_out_at" timestamp with time zone,
	CONSTRAINT "controls_scope_level_subject_pk" PRIMARY KEY("scope","level","subject")
);
--> statement-breakpoint
CREATE TABLE "gateways" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"process" uuid,
	"since" timestamp with time zone,
	"heartbeat_at" timestamp with time zone,
	"trouble" jsonb,
	CONSTRAINT "gateways_scope_account_pk" PRIMARY KEY("scope","account")
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "alerts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"scope" text NOT NULL,
	"severity" text NOT NULL,
	"reason" jsonb NOT NULL,
	"account" text,
	"trader" text,
	"order_id" uuid,
	"symbol" text,
	"key" text NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" text,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "books" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"cash" numeric NOT NULL,
	CONSTRAINT "books_scope_account_pk" PRIMARY KEY("scope","account")
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"seq" bigint NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"trading_day" date NOT NULL,
	"settles_on" date NOT NULL,
	"order_id" uuid,
	"trader" text,
	"symbol" text,
	"side" text,
	"quantity" numeric,
	"amount" numeric,
	"numerator" integer,
	"denominator" integer,
	"cost" numeric,
	"cash" numeric,
	"actor" text,
	"reason" text,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_entries_scope_account_seq_pk" PRIMARY KEY("scope","account","seq"),
	CONSTRAINT "ledger_entries_id" UNIQUE("scope","account","id")
);
--> statement-breakpoint
CREATE TABLE "positions" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"symbol" text NOT NULL,
	"quantity" numeric NOT NULL,
	"basis_quantity" numeric NOT NULL,
	"basis_cost" numeric NOT NULL,
	"realised" numeric NOT NULL,
	"trader" text,
	"opened_at" timestamp with time zone,
	"seq" bigint NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "positions_scope_account_symbol_pk" PRIMARY KEY("scope","account","symbol")
);
--> statement-breakpoint
CREATE TABLE "candle_gaps" (
	"venue" text NOT NULL,
	"source" text NOT NULL,
	"symbol" text NOT NULL,
	"interval" text NOT NULL,
	"start" timestamp with time zone NOT NULL,
	"end" timestamp with time zone NOT NULL,
	"code" text NOT NULL,
	"noticed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "candle_gaps_venue_source_symbol_interval_start_pk" PRIMARY KEY("venue","source","symbol","interval","start")
);
--> statement-breakpoint
CREATE TABLE "candle_imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"file" text NOT NULL,
	"format" text NOT NULL,
	"venue" text NOT NULL,
	"source" text NOT NULL,
	"interval" text,
	"state" text NOT NULL,
	"rows" integer NOT NULL,
	"added" integer NOT NULL,
	"changed" integer NOT NULL,
	"refused" integer NOT NULL,
	"problems" jsonb NOT NULL,
	"first_day" date,
	"last_day" date,
	"actor_name" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "candles" (
	"venue" text NOT NULL,
	"source" text NOT NULL,
	"symbol" text NOT NULL,
	"interval" text NOT NULL,
	"start" timestamp with time zone NOT NULL,
	"end" timestamp with time zone NOT NULL,
	"available_at" timestamp with time zone NOT NULL,
	"open" numeric NOT NULL,
	"high" numeric NOT NULL,
	"low" numeric NOT NULL,
	"close" numeric NOT NULL,
	"volume" numeric NOT NULL,
	"value" numeric,
	"adjusted" boolean DEFAULT false NOT NULL,
	CONSTRAINT "candles_venue_source_symbol_interval_start_pk" PRIMARY KEY("venue","source","symbol","interval","start")
);
--> statement-breakpoint
CREATE TABLE "instruments" (
	"venue" text NOT NULL,
	"source" text NOT NULL,
	"symbol" text NOT NULL,
	"name" text NOT NULL,
	"market" text NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "instruments_venue_source_symbol_pk" PRIMARY KEY("venue","source","symbol")
);
--> statement-breakpoint
CREATE TABLE "quotes" (
	"venue" text NOT NULL,
	"source" text NOT NULL,
	"symbol" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"available_at" timestamp with time zone NOT NULL,
	"bid" numeric,
	"ask" numeric,
	"bid_size" numeric,
	"ask_size" numeric,
	"last" numeric,
	"volume" numeric,
	CONSTRAINT "quotes_venue_source_symbol_pk" PRIMARY KEY("venue","source","symbol")
);
--> statement-breakpoint
CREATE TABLE "broker_orders" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"key" text NOT NULL,
	"order_id" uuid,
	"replaces" text,
	"role" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric,
	"at" timestamp with time zone NOT NULL,
	"filled" numeric NOT NULL,
	"amount" numeric NOT NULL,
	"cancelled" numeric NOT NULL,
	"rejected" numeric NOT NULL,
	"booked" jsonb,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "broker_orders_scope_account_key_pk" PRIMARY KEY("scope","account","key")
);
--> statement-breakpoint
CREATE TABLE "order_attempts" (
	"order_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"request" jsonb NOT NULL,
	"fingerprint" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"deadline" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"closed_at" timestamp with time zone,
	"broker_key" text,
	"process" uuid NOT NULL,
	"epoch" bigint NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "order_attempts_order_id_number_pk" PRIMARY KEY("order_id","number")
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"order_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"from" text,
	"to" text NOT NULL,
	"details" jsonb NOT NULL,
	"reason" jsonb,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "order_events_order_id_version_pk" PRIMARY KEY("order_id","version")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"scope" text NOT NULL,
	"id" uuid PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"trader" text NOT NULL,
	"seq" integer NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"purpose" text NOT NULL,
	"flatten" boolean DEFAULT false NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric,
	"key" text NOT NULL,
	"key_held" boolean DEFAULT true NOT NULL,
	"fencing" bigint NOT NULL,
	"state" text NOT NULL,
	"cause" jsonb NOT NULL,
	"reason" jsonb,
	"filled" numeric NOT NULL,
	"amount" numeric NOT NULL,
	"wanted" jsonb,
	"wanted_at" timestamp with time zone,
	"candidates" jsonb,
	"disowned" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"trading_day" date NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"told_version" integer DEFAULT 0 NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "daily_summaries" (
	"scope" text NOT NULL,
	"level" text NOT NULL,
	"subject" text NOT NULL,
	"trading_day" date NOT NULL,
	"summary" jsonb NOT NULL,
	"generated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "daily_summaries_scope_level_subject_trading_day_pk" PRIMARY KEY("scope","level","subject","trading_day")
);
--> statement-breakpoint
CREATE TABLE "equity_points" (
	"scope" text NOT NULL,
	"level" text NOT NULL,
	"subject" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"trading_day" date NOT NULL,
	"equity" numeric NOT NULL,
	"cash" numeric NOT NULL,
	"positions" numeric NOT NULL,
	"realised" numeric NOT NULL,
	"unrealised" numeric NOT NULL,
	"flow" numeric NOT NULL,
	"close" boolean DEFAULT false NOT NULL,
	CONSTRAINT "equity_points_scope_level_subject_at_pk" PRIMARY KEY("scope","level","subject","at")
);
--> statement-breakpoint
CREATE TABLE "protections" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "protections_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"scope" text NOT NULL,
	"trader" text NOT NULL,
	"code" text NOT NULL,
	"symbol" text,
	"at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"params" jsonb NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "scans" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "scans_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"scope" text NOT NULL,
	"trader" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"trading_day" date NOT NULL,
	"looked" integer NOT NULL,
	"passed" jsonb NOT NULL,
	"candidates" jsonb NOT NULL,
	"took_ms" double precision NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trader_transitions" (
	"scope" text NOT NULL,
	"trader" text NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"trading_day" date NOT NULL,
	"event" text NOT NULL,
	"details" jsonb NOT NULL,
	"from" text NOT NULL,
	"to" text NOT NULL,
	"symbol" text,
	"price" numeric,
	"quantity" numeric,
	"effects" jsonb NOT NULL,
	"reason" jsonb,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "trader_transitions_scope_trader_seq_pk" PRIMARY KEY("scope","trader","seq")
);
--> statement-breakpoint
CREATE TABLE "traders" (
	"scope" text NOT NULL,
	"id" text NOT NULL,
	"account" text NOT NULL,
	"definition" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"started" boolean DEFAULT false NOT NULL,
	"phase" text NOT NULL,
	"state" jsonb NOT NULL,
	"state_version" bigint DEFAULT 0 NOT NULL,
	"phase_since" timestamp with time zone NOT NULL,
	"symbol" text,
	"last_scan_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "traders_scope_id_pk" PRIMARY KEY("scope","id")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broker_orders" ADD CONSTRAINT "broker_orders_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_attempts" ADD CONSTRAINT "order_attempts_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "traders" ADD CONSTRAINT "traders_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_open" ON "alerts" USING btree ("scope","key") WHERE "alerts"."acknowledged_at" is null;--> statement-breakpoint
CREATE INDEX "alerts_recent" ON "alerts" USING btree ("scope","id");--> statement-breakpoint
CREATE INDEX "ledger_entries_day" ON "ledger_entries" USING btree ("scope","trading_day");--> statement-breakpoint
CREATE INDEX "ledger_entries_trader" ON "ledger_entries" USING btree ("scope","trader","seq");--> statement-breakpoint
CREATE INDEX "candles_by_time" ON "candles" USING btree ("venue","source","interval","start");--> statement-breakpoint
CREATE INDEX "broker_orders_order" ON "broker_orders" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "order_attempts_open" ON "order_attempts" USING btree ("order_id") WHERE "order_attempts"."closed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "orders_key" ON "orders" USING btree ("scope","account","key") WHERE "orders"."key_held";--> statement-breakpoint
CREATE UNIQUE INDEX "orders_seq" ON "orders" USING btree ("scope","trader","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_one_exit" ON "orders" USING btree ("scope","trader") WHERE "orders"."purpose" = 'exit' and "orders"."state" not in ('filled', 'cancelled', 'rejected');--> statement-breakpoint
CREATE INDEX "orders_open" ON "orders" USING btree ("scope","account") WHERE "orders"."state" not in ('filled', 'cancelled', 'rejected');--> statement-breakpoint
CREATE INDEX "orders_untold" ON "orders" USING btree ("scope") WHERE "orders"."told_version" < "orders"."version";--> statement-breakpoint
CREATE INDEX "orders_by_day" ON "orders" USING btree ("scope","trading_day","id");--> statement-breakpoint
CREATE INDEX "daily_summaries_day" ON "daily_summaries" USING btree ("scope","trading_day");--> statement-breakpoint
CREATE INDEX "equity_points_day" ON "equity_points" USING btree ("scope","level","subject","trading_day");--> statement-breakpoint
CREATE INDEX "protections_on" ON "protections" USING btree ("scope","trader") WHERE "protections"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "scans_trader" ON "scans" USING btree ("scope","trader","at");--> statement-breakpoint
CREATE INDEX "trader_transitions_day" ON "trader_transitions" USING btree ("scope","trading_day","at");--> statement-breakpoint
CREATE INDEX "traders_account" ON "traders" USING btree ("scope","account");