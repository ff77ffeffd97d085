-- Roles of the warehouse. Run it as the owner of the database, after the first run of the audit and
-- after each upgrade of naome: a table whose columns changed is made anew and has lost its grants,
-- which then are missing, never too many. Passwords are set apart, by hand.
--
--   naome_loader     runs the audit: makes and owns every table
--   naome_analyst    reads cohort and indicators, true counts; nothing as it was sent
--   naome_publisher  reads what is published

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

revoke all on schema public from public;
grant usage, create on schema public to naome_loader;
grant usage on schema public to naome_analyst, naome_publisher;
revoke all on all tables in schema public from public, naome_analyst, naome_publisher;

do $$
declare
    read_by_analyst constant text[] := array[
        'ledger', 'mbc_cohort', 'mbc_event', 'organisation',
        'prevalence', 'cns_access', 'time_to_treatment', 'data_quality', 'indicator', 'survival',
        'case_mix_model', 'case_mix_value', 'survival_curve', 'treatment_curve',
        'prevalence_projection', 'recurrence_capture'
    ];
    standing text;
begin
    for standing in
        select c.relname from pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
    loop
        if standing = any(read_by_analyst) or standing like 'published\_%' then
            execute format('grant select on public.%I to naome_analyst', standing);
        end if;
        if standing like 'published\_%' then
            execute format('grant select on public.%I to naome_publisher', standing);
        end if;
    end loop;
end
$$;
