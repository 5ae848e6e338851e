CREATE TABLE "simulated_accounts" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"cash" numeric NOT NULL,
	"opening_cash" numeric NOT NULL,
	"fees" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "simulated_accounts_scope_account_pk" PRIMARY KEY("scope","account")
);
--> statement-breakpoint
CREATE TABLE "simulated_fills" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"key" text NOT NULL,
	"cumulative" numeric NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric NOT NULL,
	"fee" numeric NOT NULL,
	"tax" numeric NOT NULL,
	"trading_day" date NOT NULL,
	"settles_on" date NOT NULL,
	CONSTRAINT "simulated_fills_scope_account_key_cumulative_pk" PRIMARY KEY("scope","account","key","cumulative")
);
--> statement-breakpoint
CREATE TABLE "simulated_holdings" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"symbol" text NOT NULL,
	"quantity" numeric NOT NULL,
	"bought_quantity" numeric NOT NULL,
	"bought_cost" numeric NOT NULL,
	CONSTRAINT "simulated_holdings_scope_account_symbol_pk" PRIMARY KEY("scope","account","symbol")
);
--> statement-breakpoint
CREATE TABLE "simulated_markets" (
	"scope" text PRIMARY KEY NOT NULL,
	"calendar" text NOT NULL,
	"seed" integer NOT NULL,
	"symbols" jsonb NOT NULL,
	"config" jsonb NOT NULL,
	"token" uuid DEFAULT gen_random_uuid() NOT NULL,
	"state" json NOT NULL,
	"advanced_to" timestamp with time zone NOT NULL,
	"next_number" bigint DEFAULT 1 NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "simulated_orders" (
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"key" text NOT NULL,
	"number" bigint NOT NULL,
	"client_id" text,
	"manual" boolean DEFAULT false NOT NULL,
	"role" text NOT NULL,
	"replaces" text,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric,
	"at" timestamp with time zone NOT NULL,
	"fillable_from" timestamp with time zone NOT NULL,
	"filled" numeric NOT NULL,
	"amount" numeric NOT NULL,
	"cancelled" numeric NOT NULL,
	"cancelled_at" timestamp with time zone,
	"fee" numeric NOT NULL,
	"tax" numeric NOT NULL,
	"open" boolean NOT NULL,
	"trading_day" date NOT NULL,
	CONSTRAINT "simulated_orders_scope_account_key_pk" PRIMARY KEY("scope","account","key")
);
--> statement-breakpoint
CREATE TABLE "simulated_requests" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "simulated_requests_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"scope" text NOT NULL,
	"account" text NOT NULL,
	"action" text NOT NULL,
	"client_id" text,
	"attempt" text,
	"request" jsonb NOT NULL,
	"answer" text NOT NULL,
	"key" text,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "simulated_accounts" ADD CONSTRAINT "simulated_accounts_scope_simulated_markets_scope_fk" FOREIGN KEY ("scope") REFERENCES "public"."simulated_markets"("scope") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "simulated_fills" ADD CONSTRAINT "simulated_fills_scope_simulated_markets_scope_fk" FOREIGN KEY ("scope") REFERENCES "public"."simulated_markets"("scope") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "simulated_holdings" ADD CONSTRAINT "simulated_holdings_scope_simulated_markets_scope_fk" FOREIGN KEY ("scope") REFERENCES "public"."simulated_markets"("scope") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "simulated_markets" ADD CONSTRAINT "simulated_markets_scope_scopes_name_fk" FOREIGN KEY ("scope") REFERENCES "public"."scopes"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "simulated_orders" ADD CONSTRAINT "simulated_orders_scope_simulated_markets_scope_fk" FOREIGN KEY ("scope") REFERENCES "public"."simulated_markets"("scope") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "simulated_requests" ADD CONSTRAINT "simulated_requests_scope_simulated_markets_scope_fk" FOREIGN KEY ("scope") REFERENCES "public"."simulated_markets"("scope") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "simulated_orders_number" ON "simulated_orders" USING btree ("scope","number");--> statement-breakpoint
CREATE INDEX "simulated_requests_scope" ON "simulated_requests" USING btree ("scope","account","id");