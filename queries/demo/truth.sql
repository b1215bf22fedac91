-- What was done to the dossiers of this part: one row per sender, month and defect.
WITH done AS (
    SELECT
        delivery,
        count(*) AS dossiers,
        count(*) FILTER (WHERE is_waiting_finished) AS "waiting-sent-as-finished",
        count(*) FILTER (WHERE is_copy) AS "code-made-again",
        count(*) FILTER (WHERE is_submitted_received) AS "submitted-is-received",
        count(*) FILTER (WHERE is_account_fixed AND channel = 2) AS "account-flag-fixed",
        count(*) FILTER (WHERE is_made_up) AS "made-up-identity",
        count(*) FILTER (WHERE is_paper_result) AS "paper-sent-as-result",
        count(*) FILTER (WHERE is_without_due) AS "finished-without-due-day",
        count(*) FILTER (WHERE is_all_digitised) AS "all-papers-digitised",
        count(*) FILTER (WHERE is_cash_sent_online) AS "cash-sent-as-paid-online"
    FROM demo.chunk
    GROUP BY delivery
)
SELECT d.sender, d.month, told.defect, told.n_rows
FROM (FROM done UNPIVOT (n_rows FOR defect IN (COLUMNS(* EXCLUDE (delivery))))) AS told
JOIN demo.delivery AS d ON d.delivery = told.delivery
