-- Forms on satisfaction: one row per sender, quarter, question and answer, with the forms that gave it.
WITH question AS (
    SELECT *
    FROM (VALUES
        ('one-stop-form', NULL, 'overall', ['very-satisfied', 'satisfied', 'not-satisfied'], 1.0),
        ('online-service', NULL, 'overall', ['very-satisfied', 'satisfied', 'neutral', 'not-satisfied', 'very-unsatisfied'], 0.6),
        ('service-centre', NULL, 'overall', ['very-satisfied', 'satisfied', 'neutral', 'not-satisfied', 'very-unsatisfied'], 0.4),
        ('project-06', 'residence', 'overall', ['very-satisfied', 'satisfied', 'neutral', 'not-satisfied'], 0.3),
        ('project-06', 'civil-status', 'overall', ['very-satisfied', 'satisfied', 'neutral', 'not-satisfied'], 0.3),
        ('project-06', 'immigration', 'overall', ['very-satisfied', 'satisfied', 'neutral', 'not-satisfied'], 0.2),
        ('project-06', 'identity-card', 'overall', ['very-satisfied', 'satisfied', 'neutral', 'not-satisfied'], 0.3)
    ) AS question (instrument, topic, question, answers, part)
    UNION ALL
    SELECT 'one-stop-criteria', NULL, CASE n WHEN 10 THEN 'online' ELSE CAST(n AS VARCHAR) END, ['2', '1', '0'], 0.5
    FROM range(1, 11) AS criterion (n)
),
asked AS (
    SELECT q.*, b.code, b.quarter, b.size, hash(b.h, q.instrument, q.topic, q.question, getvariable('seed')) AS h
    FROM demo.body_quarter AS b
    CROSS JOIN question AS q
    WHERE b.kind = 'province' OR q.instrument IN ('one-stop-form', 'online-service', 'one-stop-criteria')
),
-- Most are content: nine of ten forms give the first two answers.
answered AS (
    SELECT *, generate_subscripts(answers, 1) AS place, len(answers) AS n_answers, unnest(answers) AS answer
    FROM asked
)
SELECT
    'SYNTHETIC' AS DuLieuMoPhong,
    code AS MaCoQuan,
    quarter AS wave,
    instrument,
    topic,
    question,
    answer,
    CAST(size * part * CASE place
        WHEN 1 THEN 0.52 + (h & 255) / 2560
        WHEN 2 THEN 0.40 - (h & 255) / 2560
        ELSE (0.05 + ((h >> 8) & 255) / 5120) / (n_answers - 2)
    END AS BIGINT) AS count
FROM answered
ORDER BY code, wave, instrument, topic, question, place
