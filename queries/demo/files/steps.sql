-- The process log of the dossiers that wait or stopped: one row per step that made them wait.
SELECT
    t.delivery,
    'SYNTHETIC' AS DuLieuMoPhong,
    dossier_code(is_copy, a, d.code_form, u.code, u.old_form, y.short_form, y.long_form, i) AS MaHoSo,
    'Chuyên viên' AS ChucDanh,
    written(received + 3600, is_classic) AS ThoiDiemXuLy,
    CASE WHEN is_old_form THEN u.old_form ELSE u.code END AS PhongBanXuLy,
    true_status AS TrangThai,
    written(received, is_classic) AS NgayBatDau,
    written(due_before, is_classic) AS NgayKetThucTheoQuyDinh
FROM demo.chunk AS t
JOIN demo.delivery AS d ON d.delivery = t.delivery
JOIN demo.unit AS u ON u.unit_no = t.unit_no
JOIN demo.day_slot AS y ON y.slot = t.day_slot
WHERE true_status IN (5, 6, 8)
