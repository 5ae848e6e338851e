INSERT INTO resource_groups (scope, name, capacity, kind) SELECT name, 'lab', 2, 'lab' FROM scopes ON CONFLICT DO NOTHING;
