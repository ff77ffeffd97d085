-- What the headline says of the data and the method, in one sentence.
select
    'Data vintage ' || vintage || ', data from ' || first_quarter || '; disclosure profile '
    || profile || '; method book version ' || method_version || '; naome version ' || code_version
    || '.' as stated
from publication_vintage
order by number desc
limit 1
