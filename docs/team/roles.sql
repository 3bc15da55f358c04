-- Readers: run once as the role that writes, in the archive's database. They may read everything, and change nothing.
CREATE SCHEMA IF NOT EXISTS footnote;
CREATE ROLE footnote_reader LOGIN;
ALTER ROLE footnote_reader SET default_transaction_read_only = on;
GRANT USAGE ON SCHEMA footnote TO footnote_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA footnote TO footnote_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA footnote GRANT SELECT ON TABLES TO footnote_reader;
