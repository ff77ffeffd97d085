#!/bin/sh
# Databases, roles and passwords of a new server, before anything connects: the image of PostgreSQL
# runs it once, when its volume is empty. Runs as the server's administrator:
#   NAOME_LOADER_PASSWORD=... NAOME_DAGSTER_PASSWORD=... database.sh
# The passwords of naome_analyst and naome_publisher are set by hand, for those who need them.
set -eu
: "${NAOME_LOADER_PASSWORD:?}" "${NAOME_DAGSTER_PASSWORD:?}"
roles=${NAOME_ROLES:-/opt/naome/roles.sql}
run() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" "$@"; }

run --dbname postgres <<'SQL'
create role naome_dagster login;
create database naome template template0 locale 'C' encoding 'UTF8';
create database naome_dagster owner naome_dagster template template0 locale 'C' encoding 'UTF8';
revoke all on database naome_dagster, postgres, template1 from public;
SQL
run --dbname naome --file "$roles"
run --dbname postgres <<'SQL'
\getenv loader NAOME_LOADER_PASSWORD
\getenv dagster NAOME_DAGSTER_PASSWORD
alter role naome_loader password :'loader';
alter role naome_dagster password :'dagster';
SQL
