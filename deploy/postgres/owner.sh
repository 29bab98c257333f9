# Makes the database and the role that owns it, at the server's first start. Read by the image's own
# entrypoint, not run: so what it unsets is not in the environment that the server is started with.
# Kakari's processes have a role of their own, which `kakari migrate` makes.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres <<'SQL'
\getenv password OWNER_PASSWORD
CREATE ROLE kakari LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE kakari OWNER kakari;
ALTER ROLE postgres PASSWORD NULL;
SQL
unset OWNER_PASSWORD POSTGRES_PASSWORD
