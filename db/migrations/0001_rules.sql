-- Daily partitions of logs, history and changes. A row outside every day lands in the default partition
-- rather than being refused.
CREATE TABLE changes_default PARTITION OF changes DEFAULT;--> statement-breakpoint
CREATE TABLE run_history_default PARTITION OF run_history DEFAULT;--> statement-breakpoint
CREATE TABLE run_logs_default PARTITION OF run_logs DEFAULT;--> statement-breakpoint
CREATE FUNCTION ensure_partitions(days_ahead integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  parent text;
  day date;
  part text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('bellkeeper.partitions', 0));
  FOREACH parent IN ARRAY ARRAY['changes', 'run_history', 'run_logs'] LOOP
    FOR day IN SELECT generate_series((now() AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC')::date + days_ahead, '1 day')::date LOOP
      part := parent || '_' || to_char(day, 'YYYYMMDD');
      IF to_regclass('public.' || part) IS NULL THEN
        BEGIN
          EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
            part, parent, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
        EXCEPTION WHEN check_violation THEN
          -- The default partition already holds rows of that day: they stay there.
          RAISE NOTICE 'partition % stays in the default', part;
        END;
      END IF;
    END LOOP;
  END LOOP;
END $$;--> statement-breakpoint
CREATE FUNCTION drop_partitions_before(oldest date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  part text;
  dropped integer := 0;
BEGIN
  FOR part IN
    SELECT c.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
    WHERE p.relname IN ('changes', 'run_history', 'run_logs') AND c.relname ~ '_[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') < oldest
  LOOP
    EXECUTE format('DROP TABLE public.%I', part);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;--> statement-breakpoint
SELECT ensure_partitions(3);--> statement-breakpoint
CREATE FUNCTION scope_now(scope_name text) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN clock_kind = 'wall' THEN clock_timestamp() ELSE clock_at END FROM scopes WHERE name = scope_name
$$;--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;--> statement-breakpoint
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
ALTER TABLE runs ADD CONSTRAINT runs_state_known CHECK (state IN ('waiting', 'ready', 'dispatched', 'running', 'succeeded', 'failed', 'cancelled', 'skipped', 'quarantined'));--> statement-breakpoint
ALTER TABLE runs ADD CONSTRAINT runs_trigger_known CHECK (trigger_source IN ('scheduler', 'manual', 'auto-reschedule', 'dependency', 'retry'));--> statement-breakpoint
ALTER TABLE runs ADD CONSTRAINT runs_running_has_process CHECK (state <> 'running' OR (process_id IS NOT NULL AND started_at IS NOT NULL) OR task = 'external');--> statement-breakpoint
ALTER TABLE user_roles ADD CONSTRAINT user_roles_known CHECK (role IN ('viewer', 'operator', 'dealer', 'admin'));--> statement-breakpoint
ALTER TABLE leadership ADD CONSTRAINT leadership_one CHECK (id = 1);--> statement-breakpoint
ALTER TABLE leader_heartbeat ADD CONSTRAINT leader_heartbeat_one CHECK (id = 1);--> statement-breakpoint
CREATE UNIQUE INDEX users_email_folded ON users (lower(email));--> statement-breakpoint
CREATE UNIQUE INDEX users_one_owner ON users (is_owner) WHERE is_owner;--> statement-breakpoint
ALTER TABLE runs SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);--> statement-breakpoint
INSERT INTO instance (schema_version) VALUES (1);--> statement-breakpoint
INSERT INTO leadership (id) VALUES (1);--> statement-breakpoint
INSERT INTO leader_heartbeat (id) VALUES (1);--> statement-breakpoint
INSERT INTO scopes (name, kind, number) VALUES ('real', 'real', 1), ('mock', 'mock', 2);--> statement-breakpoint
INSERT INTO resource_groups (scope, name, capacity, kind)
SELECT s.name, g.name, g.capacity, g.kind FROM scopes s CROSS JOIN (VALUES
  ('total', 10, 'total'), ('data_processing', 4, 'group'), ('ai_analysis', 3, 'group'), ('trading', 2, 'group'),
  ('reporting', 1, 'group'), ('exits', 4, 'reserved')) AS g(name, capacity, kind);
