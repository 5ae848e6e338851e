-- Sessions that hold a scope's advisory locks. Defined by the owner, for a login sees the names of its own sessions only.
CREATE FUNCTION advisory_sessions(scope_number integer) RETURNS TABLE (object_id bigint, pid integer, application_name text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.objid::bigint, l.pid, nullif(a.application_name, '')
  FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = scope_number::oid
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION advisory_sessions(integer) FROM PUBLIC;
