-- Layout 8. Beside each key of a victim stands what tells of most of its reports that they are of another event.

---------------------------------------------------------------------------------------------------- derived

-- Written by `merge`; NULL for a report that was saved before, which is then looked at whole.
ALTER TABLE victim_keys ADD COLUMN gist BLOB;
