-- kept: by file_id of fact.dossier
-- What the checks of synchronised dossiers count: one row per file and receiving body.
--
-- applicants                      with a sum of the applicant; none where the load had no key for it
-- moments, moments_equal          with a moment of submission and one of receipt; both the same second
-- finished, finished_without_due  status 9 or 10; of these without NgayHenTra
-- cash_fees, cash_fees_online     in person with a fee; of these with the flag of online payment
-- papers, papers_digitised        with attachments and the flag of a digitised part; of these with the flag set
-- accounts, accounts_unverified   online with the flag of the authenticated account; of these with the flag 0
-- received_never, ended_before    beyond registration (status 1) without a moment of receipt; with an end before it
-- results, results_of_papers      with electronic results; of these some of whose files are among the papers
SELECT
    file_id,
    receiving_org_id AS org_id,
    count(*) AS dossiers,
    count(applicant_hash) AS applicants,
    count(*) FILTER (WHERE submitted_at IS NOT NULL AND received_at IS NOT NULL) AS moments,
    count(*) FILTER (WHERE submitted_at = received_at) AS moments_equal,
    count(*) FILTER (WHERE status IN (9, 10)) AS finished,
    count(*) FILTER (WHERE status IN (9, 10) AND due_at IS NULL) AS finished_without_due,
    count(*) FILTER (WHERE channel = 1 AND fees IS NOT NULL) AS cash_fees,
    count(*) FILTER (WHERE channel = 1 AND fees IS NOT NULL AND paid_online > 0) AS cash_fees_online,
    count(*) FILTER (WHERE papers IS NOT NULL AND has_digitised_part IS NOT NULL) AS papers,
    count(*) FILTER (WHERE papers IS NOT NULL AND has_digitised_part = 1) AS papers_digitised,
    count(*) FILTER (WHERE channel = 2 AND account_verified IS NOT NULL) AS accounts,
    count(*) FILTER (WHERE channel = 2 AND account_verified = 0) AS accounts_unverified,
    count(*) FILTER (WHERE status <> 1 AND received_at IS NULL) AS received_never,
    count(*) FILTER (WHERE coalesce(finished_at, returned_at, refused_at) < received_at) AS ended_before,
    count(*) FILTER (WHERE results IS NOT NULL) AS results,
    count(*) FILTER (WHERE results IS NOT NULL AND papers IS NOT NULL AND list_has_any(
        from_json(json_extract(CAST(results AS JSON), '$[*].DuongDanTepTinKetQua'), '["VARCHAR"]'),
        from_json(json_extract(CAST(papers AS JSON), '$[*].DuongDanTaiTepTin'), '["VARCHAR"]')
    )) AS results_of_papers
FROM fact.dossier
GROUP BY file_id, receiving_org_id
