-- Petitions with the day their answer is due: one row per petition.
-- Where no day was sent it is 15 working days after receipt; where the holidays of that year are not known it stays unknown,
-- and so it does where the answer is older than the petition: nothing can be said of its time.
SELECT
    petition.petition_code,
    petition.org_id,
    petition.received_on,
    CASE WHEN petition.answered_on < petition.received_on THEN NULL ELSE coalesce(petition.due_on, due.day) END AS due_on,
    petition.answered_on,
    petition.rating
FROM fact.petition AS petition
LEFT JOIN ref.working_day AS received ON received.day = petition.received_on
LEFT JOIN ref.working_day AS due ON due.is_working AND due.ordinal = received.ordinal + 15
