-- The readers' password, from the environment of psql.
\getenv password READER_PASSWORD
ALTER ROLE footnote_reader PASSWORD :'password';
