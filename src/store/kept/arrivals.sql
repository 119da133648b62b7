-- Layout 9. What is to be dropped of old versions is found by when they arrived, as pages are.

---------------------------------------------------------------------------------------------------- facts

CREATE INDEX versions_by_arrival ON versions (arrived_at) WHERE bytes_z IS NOT NULL;
