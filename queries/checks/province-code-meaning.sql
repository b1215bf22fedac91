-- title: The crosswalk marks exactly the statistical codes that now mean another province
-- title_vi: Bảng chuyển đổi đánh dấu đúng các mã thống kê nay chỉ tỉnh khác
-- severity: error
-- table: ref.province_crosswalk
SELECT
    x.old_gso_code AS gso_code,
    x.old_name,
    new.name_vi AS new_name,
    CASE WHEN x.gso_code_changes_meaning THEN 'marked, but the name stays' ELSE 'another name, but not marked' END AS detail_en,
    CASE WHEN x.gso_code_changes_meaning THEN 'đã đánh dấu nhưng tên giữ nguyên' ELSE 'tên khác nhưng chưa đánh dấu' END AS detail_vi
FROM ref.province_crosswalk AS x
JOIN ref.province AS new
    ON new.gso_code = x.old_gso_code
    AND new.valid_to IS NULL
WHERE x.gso_code_changes_meaning <> (new.name_vi <> x.old_name)
ORDER BY x.old_gso_code
