-- title: The form II.06 of an agency agrees with its dossiers
-- title_vi: Biểu II.06 của cơ quan khớp với hồ sơ đã gửi
-- severity: warning
-- table: fact.reconciliation
SELECT
    org_id,
    period,
    column_number,
    form,
    dossiers,
    'form ' || CAST(form AS VARCHAR) || ', dossiers ' || CAST(dossiers AS VARCHAR) || ', difference '
        || CAST(difference AS VARCHAR) AS detail_en,
    'biểu ' || CAST(form AS VARCHAR) || ', hồ sơ ' || CAST(dossiers AS VARCHAR) || ', chênh lệch '
        || CAST(difference AS VARCHAR) AS detail_vi
FROM fact.reconciliation
ORDER BY org_id, period, column_number
