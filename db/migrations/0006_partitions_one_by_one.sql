-- Upkeep of one partitioned table per call, so that no transaction holds the locks of two. Nothing to do takes no lock;
-- a lock that is busy for 300 ms is given up (lock_not_available), for writers queue behind whoever waits for it.
CREATE FUNCTION ensure_partitions_of(parent text, days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
  day date;
  today date := (now() AT TIME ZONE 'UTC')::date;
  part text;
  kept boolean;
  made integer := 0;
BEGIN
  IF parent NOT IN ('changes', 'run_history', 'run_logs') THEN
    RAISE EXCEPTION '% has no daily partitions', parent USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR day IN SELECT today + n FROM generate_series(0, days_ahead) AS n LOOP
    part := parent || '_' || to_char(day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
    -- Rows of that day that are already in the default partition stay there, and so do its later ones.
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I WHERE recorded_at >= %L AND recorded_at < %L)',
      parent || '_default', day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC') INTO kept;
    CONTINUE WHEN kept;
    PERFORM pg_advisory_xact_lock(hashtextextended('bellkeeper.partitions.' || parent, 0));
    CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
    BEGIN
      -- Attaching a table leaves writers of the parent alone, where creating it as a partition would lock them out.
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS)', part, parent);
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        parent, part, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
      made := made + 1;
    EXCEPTION WHEN check_violation THEN
      RAISE NOTICE 'partition % stays in the default', part;
    END;
  END LOOP;
  RETURN made;
END $$;--> statement-breakpoint
CREATE FUNCTION drop_partitions_of(parent text, oldest date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
  part text;
  dropped integer := 0;
BEGIN
  IF parent NOT IN ('changes', 'run_history', 'run_logs') THEN
    RAISE EXCEPTION '% has no daily partitions', parent USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR part IN
    SELECT c.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
    WHERE i.inhparent = to_regclass('public.' || parent) AND c.relname ~ '_[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') < oldest
    ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TABLE public.%I', part);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;--> statement-breakpoint
REVOKE ALL ON FUNCTION drop_partitions_of(text, date) FROM PUBLIC;--> statement-breakpoint
CREATE OR REPLACE FUNCTION ensure_partitions(days_ahead integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  parent text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['run_logs', 'run_history', 'changes'] LOOP
    BEGIN
      PERFORM ensure_partitions_of(parent, days_ahead);
    EXCEPTION WHEN lock_not_available THEN
      RAISE NOTICE 'table % is busy: the leader makes its partitions', parent;
    END;
  END LOOP;
END $$;--> statement-breakpoint
DROP FUNCTION drop_partitions_before(date);--> statement-breakpoint
SELECT ensure_partitions(7);
