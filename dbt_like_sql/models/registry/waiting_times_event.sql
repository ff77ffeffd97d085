-- Treatments of cancer waiting times that count, of breast cancer, of metastases, or of no disease
-- given. One row a treatment as sent.
select
    file,
    position,
    quarter,
    person_id,
    source_person_id,
    provider,
    event_type,
    icd,
    treatment_date
from {{ ref('judged_waiting_times') }}
where disposition = 'accepted'
