-- One dossier in the fields of the national synchronisation.
WITH told AS (
    SELECT
        t.*,
        d.sender,
        d.is_classic,
        s.code AS procedure_code,
        s.name_vi AS procedure_name,
        s.field_code,
        s.field_vi,
        s.fee,
        CAST(hash(a, 7) AS VARCHAR) AS file_name,
        CASE WHEN is_old_form THEN u.old_form ELSE u.code END AS settling_code,
        dossier_code(is_copy, a, d.code_form, u.code, u.old_form, y.short_form, y.long_form, i) AS dossier_code
    FROM demo.chunk AS t
    JOIN demo.delivery AS d ON d.delivery = t.delivery
    JOIN demo.unit AS u ON u.unit_no = t.unit_no
    JOIN demo.service AS s ON s.service_no = t.service_no
    JOIN demo.day_slot AS y ON y.slot = t.day_slot
)
SELECT
    delivery,
    'SYNTHETIC' AS DuLieuMoPhong,
    dossier_code AS MaHoSo,
    procedure_code AS MaTTHC,
    procedure_name AS TenTTHC,
    field_code AS MaLinhVuc,
    field_vi AS TenLinhVuc,
    channel AS KenhThucHien,
    'Người mô phỏng' AS ChuHoSo,
    CASE WHEN is_made_up THEN '000000001' ELSE concat('0', CAST(10000000000 + hash(a, 6) % 90000000000 AS VARCHAR)) END AS SoGiayToChuHoSo,
    applicant_kind AS LoaiDoiTuong,
    written(submitted, is_classic) AS NgayNopHoSo,
    written(received, is_classic) AS NgayTiepNhan,
    written(due, is_classic) AS NgayHenTra,
    written(finished, is_classic) AS NgayKetThucXuLy,
    written(returned, is_classic) AS NgayTra,
    written(refused, is_classic) AS NgayTuChoi,
    status AS TrangThaiHoSo,
    CASE channel WHEN 2 THEN 2 ELSE 1 END AS HinhThuc,
    CASE WHEN is_old_form THEN '000.00.00.' || sender ELSE sender END AS DonViTiepNhan,
    settling_code AS DonViXuLy,
    submitted_through AS NoiNopHoSo,
    -- `concat` takes half as long as a row of `||`.
    concat(
        '[{"MaThanhPhanHoSo":"TP1","DuongDanTaiTepTin":"tep/', file_name, '.pdf","DuocSoHoa":', CASE WHEN is_digitised THEN '1' ELSE '0' END,
        ',"DuocTaiSuDung":', CASE WHEN is_reused THEN '1' ELSE '0' END, '}]'
    ) AS TaiLieuNop,
    CASE WHEN fee > 0 THEN
        concat('[{"MaPhiLePhi":"LP1","HinhThucThu":', CASE WHEN is_paid_online THEN '2' ELSE '1' END, ',"Gia":', CAST(fee AS VARCHAR), '}]')
    END AS DanhSachLePhi,
    CASE WHEN has_supplement THEN
        concat(
            '[{"NgayHenTraTruoc":"', written(due_before, is_classic), '","NgayHenTraMoi":"', written(due_before + 432000, is_classic),
            CASE
                WHEN has_two_supplements
                    THEN concat('"},{"NgayHenTraTruoc":"', written(due_before + 432000, is_classic), '","NgayHenTraMoi":"', written(due_before + 691200, is_classic))
                ELSE ''
            END,
            '"}]'
        )
    END AS DanhSachHoSoBoSung,
    CASE WHEN has_result THEN
        concat('[{"MaGiayToKetQua":"KQ1","DuongDanTepTinKetQua":"', CASE WHEN is_paper_result THEN 'tep/' ELSE 'kq/' END, file_name, '.pdf"}]')
    END AS DanhSachGiayToKetQua,
    CASE WHEN is_digitised THEN 1 ELSE 0 END AS HoSoCoThanhPhanSoHoa,
    CASE WHEN is_verified THEN 1 ELSE 0 END AS TaiKhoanDuocXacThucVoiVNeID,
    CASE WHEN is_paid_online OR is_cash_sent_online THEN 1 ELSE 0 END AS DuocThanhToanTrucTuyen,
    CASE WHEN uses_population_data THEN '[{"MaCSDL":"DANCU"}]' END AS DSKetNoiCSDL
FROM told
