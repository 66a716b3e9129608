#!/bin/sh
# Runs once, when the data folder of PostgreSQL is empty: a role that owns one database and nothing else.
# The locale is the same as that of the private server of the demo and the tests, so that text sorts alike everywhere.
set -eu

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set password="$(cat "${KUNAK_PASSWORD_FILE:-/run/secrets/database_password}")" <<'SQL'
CREATE ROLE kunak LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE kunak OWNER kunak TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE kunak FROM PUBLIC;
SQL
