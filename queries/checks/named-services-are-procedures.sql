-- title: Every service that a plan names is a procedure of the catalogue
-- title_vi: Mỗi dịch vụ được nêu tên trong kế hoạch ứng với một thủ tục trong danh mục
-- severity: error
-- table: ref.named_service
-- affects: named-services-e-results, services-with-volume
SELECT
    procedure_name,
    coalesce('không có thủ tục nào mang tên này; gần giống ' || most_like, 'không có thủ tục nào mang tên này') AS detail_vi,
    coalesce('no procedure has this name; like ' || most_like, 'no procedure has this name') AS detail_en
FROM ref.named_procedure
WHERE procedure IS NULL
ORDER BY procedure_name
