-- Roles of the warehouse. Run it as the owner of the database, before the first run of the audit, and
-- again after each upgrade of naome. Passwords are set apart, by hand.
--
--   naome_loader     runs the audit: makes and owns every table
--   naome_analyst    reads cohort and indicators, true counts; nothing as it was sent
--   naome_publisher  reads what is published
--
-- Tables do not exist yet: naome calls grant_reading for each that it makes, also when one is made
-- again because its columns changed.

do $$
begin
    if not exists (select from pg_roles where rolname = 'naome_loader') then
        create role naome_loader login;
    end if;
    if not exists (select from pg_roles where rolname = 'naome_analyst') then
        create role naome_analyst login;
    end if;
    if not exists (select from pg_roles where rolname = 'naome_publisher') then
        create role naome_publisher login;
    end if;
end
$$;

-- Who is none of the three has no way in, and nobody lays anything down beside the tables.
do $$
declare
    function regprocedure;
begin
    execute format('revoke all on database %I from public', current_database());
    execute format(
        'grant connect on database %I to naome_loader, naome_analyst, naome_publisher',
        current_database()
    );
    -- Large objects: theirs who make them, whatever the schema allows. Their functions belong to the
    -- server's administrator; another owner is told that nothing was revoked.
    for function in
        select oid::regprocedure from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace
            and (proname like 'lo\_%' or proname in ('loread', 'lowrite'))
    loop
        execute format('revoke execute on function %s from public', function);
    end loop;
end
$$;

revoke all on schema public from public;
grant usage, create on schema public to naome_loader;
grant usage on schema public to naome_analyst, naome_publisher;

-- What each role may read of a table or view. Called by its owner, whose rights it has.
create or replace function public.grant_reading(made text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    -- Tables with true counts that analysts read; the tests hold the list against the code.
    read_by_analyst constant text[] := array[
        'ledger', 'mbc_cohort', 'mbc_event', 'registry_cohort', 'registry_event', 'organisation',
        'prevalence', 'method_comparison', 'cns_access', 'time_to_treatment', 'data_quality', 'indicator',
        'case_mix_model', 'case_mix_value', 'survival', 'survival_curve', 'treatment_curve',
        'prevalence_projection', 'recurrence_capture'
    ];
    -- Published tables are known by their name; `revision` and `publication_vintage` are not read.
    is_published constant boolean := made like 'published\_%';
begin
    if not exists (select from pg_roles where rolname = 'naome_publisher') then
        return;  -- the database was moved to a server without the roles
    end if;
    execute format(
        'revoke all on public.%I from public, naome_analyst, naome_publisher', made
    );
    if is_published then
        execute format('grant select on public.%I to naome_analyst, naome_publisher', made);
    elsif made = any(read_by_analyst) then
        execute format('grant select on public.%I to naome_analyst', made);
    end if;
end
$$;
revoke all on function public.grant_reading(text) from public;
grant execute on function public.grant_reading(text) to naome_loader;

-- Tables that stand already, of a naome before the roles or of an earlier list.
do $$
declare
    standing record;
begin
    for standing in
        select c.relname from pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
    loop
        perform public.grant_reading(standing.relname);
    end loop;
end
$$;
