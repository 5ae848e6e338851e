-- The books are only ever added to.
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER order_events_append_only BEFORE UPDATE ON order_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER trader_transitions_append_only BEFORE UPDATE ON trader_transitions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
-- A scope has its switch from its first moment on.
CREATE FUNCTION make_scope_control() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO controls (scope, level, subject) VALUES (NEW.name, 'scope', NEW.name) ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER scope_control AFTER INSERT ON scopes FOR EACH ROW EXECUTE FUNCTION make_scope_control();--> statement-breakpoint
INSERT INTO controls (scope, level, subject) SELECT name, 'scope', name FROM scopes ON CONFLICT DO NOTHING;
