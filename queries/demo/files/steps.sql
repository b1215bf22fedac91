-- The process log of the dossiers that wait or stopped: one row per step that made them wait.
SELECT
    delivery,
    'SYNTHETIC' AS DuLieuMoPhong,
    dossier_code AS MaHoSo,
    'Chuyên viên' AS ChucDanh,
    written(received + 3600, is_classic) AS ThoiDiemXuLy,
    settling_code AS PhongBanXuLy,
    true_status AS TrangThai,
    written(received, is_classic) AS NgayBatDau,
    written(due_before, is_classic) AS NgayKetThucTheoQuyDinh
FROM demo.chunk
WHERE true_status IN (5, 6, 8)
