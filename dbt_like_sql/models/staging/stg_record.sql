-- Every COSD and Welsh breast record, its scope and what is wrong with it, whoever it is about.
-- One row a record as sent.
{{ scope_and_errors("(select * from " ~ ref('stg_cosd__record') ~ " union all select * from " ~ ref('stg_wales__tumour') ~ ")") }}
