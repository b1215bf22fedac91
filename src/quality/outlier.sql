-- How every number lies among others: one row per number that can be judged. Needs the tables series_kind and rule.
--
-- Every number is set on a scale on which its noise is known: Anscombe, The transformation of Poisson, binomial and
-- negative-binomial data, Biometrika 35 (1948).
--   count   y = 2 sqrt(x + 3/8)                           noise 1
--   share   y = asin(sqrt((x + 3/8) / (n + 3/4)))         noise 1 / (4 n + 2)
--   time    y = cbrt(value + 1/2) / (1 - 1 / (9 n))       noise median^2 / (9 n)
--   other   y = value                                     noise 10^(-2 decimals) / 12, that of its rounding
-- So 0, 2 and 3 of something are alike, 1 of 2 is like any share, and 1,000 more of 100,000 is no more than 10 of 1,000 is.
-- A time in days of n things is taken for a mean of n that spread as far as they last (Wilson and Hilferty, The distribution of
-- chi-square, PNAS 17, 1931, with 2 n degrees of freedom), so that the age of one open dossier may be anything. Half a day more,
-- for some count whole days, and none is not infinitely less than one.
--
-- It is unlike others where |y - median| > limit * sqrt(spread + noise), with
--   spread = max(0, (1.4826 * median absolute deviation)^2 - median noise)
-- what the others differ by beyond their noise: the additive overdispersion of funnel plots (Spiegelhalter, Statistics in
-- Medicine 24, 2005), from medians, so that what is looked for does not hide itself.
--
-- Others are the numbers before it in its series, up to the last break; and the bodies of its level in its period. Counts of
-- bodies of different size are compared by how much they moved: y = ln((x + 1/2) / (usual + 1/2)), noise 1/(x + 1/2) + 1/(usual + 1/2).
-- A count that moved as the others did, as in a holiday, is not unlike. A time of nobody knows how many things, such as a median,
-- is compared with those before it alone: that of one dossier lies anywhere among those of hundreds.
WITH number AS (
    SELECT
        o.indicator, o.org_id, o.period, o.breakdown, o.value, o.formula, o.status,
        o.numerator AS x,
        o.denominator AS n,
        i.scale,
        k.kind,
        k.last_on,
        -- A body that is not there in the period any more is no peer of those that are.
        CASE
            WHEN p.last_on >= coalesce(CAST(g.valid_from AS DATE), DATE '0001-01-01')
                AND p.first_on <= coalesce(CAST(g.valid_to AS DATE), DATE '9999-12-31')
                THEN CAST(g.level AS VARCHAR)
        END AS level,
        CASE
            WHEN i.shape = 'count' AND o.numerator >= 0 THEN 'count'
            WHEN i.shape = 'ratio' AND i.unit = 'percent' AND o.numerator BETWEEN 0 AND o.denominator AND o.denominator > 0 THEN 'share'
            WHEN i.unit = 'days' AND o.value >= 0 AND o.denominator > 0 THEN 'time'
            ELSE 'other'
        END AS nature,
        i.unit,
        i.decimals,
        (SELECT count(*) FROM meta.series_break AS b WHERE b.indicator = o.indicator AND b.begins_on <= k.last_on) AS broken
    FROM out.observation AS o
    JOIN meta.indicator AS i ON i.indicator = o.indicator
    JOIN series_kind AS k ON k.period = o.period
    JOIN meta.period AS p ON p.period = o.period
    LEFT JOIN ref.organisation AS g ON g.org_id = o.org_id
    -- A place in a ranking depends on all the others: it has no noise of its own.
    WHERE o.value IS NOT NULL AND i.unit <> 'rank'
),
scaled AS (
    SELECT
        *,
        CASE nature
            WHEN 'count' THEN 2 * sqrt(x + 0.375)
            WHEN 'share' THEN asin(sqrt((x + 0.375) / (n + 0.75)))
            WHEN 'time' THEN cbrt(value + 0.5) / (1 - 1 / (9 * n))
            ELSE value
        END AS y,
        CASE nature
            WHEN 'count' THEN 1.0
            WHEN 'share' THEN 1 / (4 * n + 2)
            WHEN 'time' THEN 1 / (9 * n)
            ELSE power(10.0, -2 * decimals) / 12
        END AS noise,
        sum(CASE WHEN status = 'B' THEN 1 ELSE 0 END) OVER (
            PARTITION BY indicator, org_id, breakdown, kind ORDER BY last_on
        ) AS marked
    FROM number
),
-- The numbers before it. Spans that begin on one day and end on different ones are no series of equal lengths.
historic AS (
    SELECT
        *,
        CASE WHEN kind IS NULL THEN 0 ELSE count(*) OVER before END AS points,
        median(y) OVER before AS middle,
        mad(y) OVER before AS deviation,
        median(noise) OVER before AS usual_noise,
        min(x) OVER before AS least
    FROM scaled
    WINDOW before AS (
        PARTITION BY indicator, org_id, breakdown, kind, nature, formula, broken, marked
        ORDER BY last_on
        ROWS BETWEEN {history} PRECEDING AND 1 PRECEDING
    )
),
-- The noise of a time is in shares of what is usual.
sized AS (
    SELECT *, CASE nature WHEN 'time' THEN power(middle, 2) ELSE 1 END AS size
    FROM historic
),
expected AS (
    SELECT
        h.*,
        h.points >= r.points AS has_history,
        CASE h.nature
            WHEN 'count' THEN greatest(power(middle / 2, 2) - 0.375, 0)
            WHEN 'share' THEN power(sin(middle), 2)
            WHEN 'time' THEN greatest(power(middle, 3) - 0.5, 0)
            ELSE middle
        END AS usual,
        (y - middle) / sqrt(greatest(power(1.4826 * deviation, 2) - usual_noise * size, 0) + noise * size) AS score
    FROM sized AS h
    CROSS JOIN rule AS r
),
-- What is compared with the other bodies of the level.
compared AS (
    SELECT
        *,
        CASE
            WHEN nature = 'count' AND NOT has_history OR nature = 'other' AND unit = 'days' THEN NULL
            WHEN nature = 'count' THEN ln((x + 0.5) / (usual + 0.5))
            ELSE y
        END AS move,
        CASE WHEN nature <> 'count' THEN noise WHEN has_history THEN 1 / (x + 0.5) + 1 / (usual + 0.5) END AS move_noise
    FROM expected
),
among AS (
    SELECT
        *,
        CASE WHEN level IS NULL THEN 0 ELSE count(move) OVER same END AS peers,
        median(move) OVER same AS peer_middle,
        mad(move) OVER same AS peer_deviation,
        median(move_noise) OVER same AS peer_noise
    FROM compared
    WINDOW same AS (PARTITION BY indicator, period, breakdown, level, nature)
),
among_sized AS (
    SELECT *, CASE nature WHEN 'time' THEN power(peer_middle, 2) ELSE 1 END AS peer_size
    FROM among
),
judged AS (
    SELECT
        a.*,
        a.peers >= r.peers AND a.move IS NOT NULL AS has_peers,
        CASE a.nature
            WHEN 'count' THEN usual * exp(peer_middle)
            WHEN 'share' THEN power(sin(peer_middle), 2)
            WHEN 'time' THEN greatest(power(peer_middle, 3) - 0.5, 0)
            ELSE peer_middle
        END AS peers_usual,
        (move - peer_middle)
        / sqrt(greatest(power(1.4826 * peer_deviation, 2) - peer_noise * peer_size, 0) + move_noise * peer_size) AS peers_score,
        r.limits,
        r.zero_from
    FROM among_sized AS a
    CROSS JOIN rule AS r
),
unlike AS (
    SELECT
        *,
        has_history
            AND abs(score) > limits
            AND NOT (nature = 'count' AND has_peers AND abs(peers_score) <= limits) AS is_unlike_before,
        has_peers AND nature <> 'count' AND abs(peers_score) > limits AS is_unlike_others,
        has_history
            AND nature IN ('count', 'share')
            AND x = 0
            AND least > 0
            AND CASE nature WHEN 'share' THEN usual * n ELSE usual END >= zero_from AS is_first_zero
    FROM judged
)
SELECT
    indicator,
    org_id,
    period,
    breakdown,
    points,
    CASE WHEN has_history THEN usual * CASE nature WHEN 'share' THEN scale ELSE 1 END END AS usual,
    CASE WHEN has_history THEN score END AS score,
    peers,
    CASE WHEN has_peers THEN peers_usual * CASE nature WHEN 'share' THEN scale ELSE 1 END END AS peers_usual,
    CASE WHEN has_peers THEN peers_score END AS peers_score,
    CASE
        WHEN is_first_zero THEN 'zero'
        WHEN is_unlike_before THEN CASE WHEN score > 0 THEN 'high' ELSE 'low' END
        WHEN is_unlike_others THEN CASE WHEN peers_score > 0 THEN 'high' ELSE 'low' END
        ELSE 'usual'
    END AS verdict
FROM unlike
WHERE has_history OR has_peers
ORDER BY indicator, org_id, period, breakdown
