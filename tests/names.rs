//! Names in the place of codes: spellings of one name are one, decisions are remembered, and nothing is guessed.

mod project;

use project::TestProject;

const ROWS: &str = "service_code,agency_name,level,opened_on
S1,TP. Hoà Bình,1,2026-10-01
S2,UBND tỉnh Phú Thọ,1,2026-10-01
S3,Đất Tổ,1,2026-10-01
S4,TỈNH  THANH HOÁ,1,2026-10-01
S5,Tỉnh Phú Thọo,1,2026-10-01
S6,Thành phố Thanh Hóa,1,2026-10-01
S7,xyz,1,2026-10-01
";

fn project() -> TestProject {
    let project = TestProject::small();
    project.write("data/agencies.csv", "code,name\nA,Thành phố Hòa Bình\nB,Tỉnh Phú Thọ\nC,Tỉnh Thanh Hóa\n");
    project.write("data/spellings.csv", "spelling,org_id\nĐất Tổ,B\n");
    project.write("data/services.csv", ROWS);
    project.write(
        "queries/tables/ref.spelling.yml",
        "row: One spelling\ncolumns:\n  spelling: { type: text, required: true }\n  org_id: { type: text, required: true }\n",
    );
    project.write(
        "queries/tables/ref.organisation_code.sql",
        "SELECT 'name' AS code_system, name AS code, code AS org_id, NULL AS valid_from, NULL AS valid_to FROM ref.agency
UNION ALL
SELECT 'name', spelling, org_id, NULL, NULL FROM ref.spelling
",
    );
    project.edit("queries/tables/fact.service.yml", "agency_code:  {", "agency_name:  {");
    let contract = project.read("queries/tables/fact.service.yml");
    let organisations = "organisations:\n  agency_code: { code: agency_name, system: name, on: opened_on }\n";
    project.write("queries/tables/fact.service.yml", contract + organisations);
    let source = "  - id: spellings
    title: { vi: Cách viết, en: Spellings }
    table: ref.spelling
    path: data/spellings.csv
    publisher: A ministry
    licence: MIT
  - id: services";
    project.edit("sources.yml", "  - id: services", source);
    project
}

const FOUND: &str = "SELECT service_code, agency_code FROM fact.service ORDER BY 1";

#[test]
fn what_differs_in_writing_alone_is_the_same_and_the_rest_is_not_guessed() {
    let project = project();
    project.chiso(&["gather"]).ends(0);
    project.chiso(&["load"]).ends(1);
    assert_eq!(project.rows(FOUND), ["S1 | A", "S2 | B", "S3 | B", "S4 | C"]);
    let rejects = project.rows("SELECT value, rule FROM meta.reject ORDER BY row_no");
    assert_eq!(rejects.len(), 3);
    assert_eq!(rejects[0], "Tỉnh Phú Thọo | code of no organisation in `name`; like `tỉnh phú thọ` (B)");
    // The city is another body than the province: it is like it, and not it.
    assert!(
        rejects[1].starts_with("Thành phố Thanh Hóa | code of no organisation in `name`"),
        "{}",
        rejects[1]
    );
    assert_eq!(rejects[2], "xyz | code of no organisation in `name`");
}

#[test]
fn a_decision_takes_the_rows_in() {
    let project = project();
    project.chiso(&["gather"]).ends(0);
    project.chiso(&["load"]).ends(1);
    // Nothing but the file of decisions changes.
    project.write("data/spellings.csv", "spelling,org_id\nĐất Tổ,B\nTỉnh Phú Thọo,B\n");
    project.chiso(&["gather"]).ends(0);
    project.chiso(&["load"]).ends(1);
    assert_eq!(project.rows(FOUND), ["S1 | A", "S2 | B", "S3 | B", "S4 | C", "S5 | B"]);
    assert_eq!(project.rows("SELECT count(*) FROM meta.reject JOIN meta.current_file USING (file_id) WHERE value = 'Tỉnh Phú Thọo'"), ["0"]);
    // A decision that is taken back takes them out again.
    project.write("data/spellings.csv", "spelling,org_id\nTỉnh Phú Thọo,B\n");
    project.chiso(&["gather"]).ends(0);
    project.chiso(&["load"]).ends(1);
    assert_eq!(project.rows(FOUND), ["S1 | A", "S2 | B", "S4 | C", "S5 | B"]);
}

#[test]
fn a_spelling_of_two_bodies_is_nobodys() {
    let project = project();
    project.write("data/spellings.csv", "spelling,org_id\nĐất Tổ,B\nTỉnh Thanh Hoá,B\n");
    project.chiso(&["gather"]).ends(0);
    let said = project.chiso(&["load"]).ends(1);
    assert!(said.stderr.contains("would stand for two organisations on one day"), "{}", said.stderr);
    assert_eq!(project.rows(FOUND), ["S1 | A", "S2 | B", "S3 | B"]);
}

#[test]
fn a_list_without_codes_names_procedures() {
    let project = TestProject::copy_of(".");
    project.write(
        "inbox/procedure_level/sent.csv",
        "MaTTHC,TenTTHC,MaCoQuan,MucDo,valid_from
1.000001.000.00.00.H44,Đăng ký khai sinh,H44,4,01/07/2025
1.000001,Đăng ký khai sinh,H42,4,01/07/2025
1.000002,Đăng ký kết hôn,H44,4,01/07/2025
1.000003,Hoà giải,H44,4,01/07/2025
1.000004,Cấp phép,H44,4,01/07/2025
1.000005,Cấp phép,H44,4,01/07/2025
",
    );
    project.write(
        "inbox/named_service/list.csv",
        "MaTTHC,TenTTHC
1.000009,Một thủ tục có mã
,ĐĂNG KÝ  KHAI SINH
,Hòa giải
,Đăng kí kết hôn
,Cấp phép
,Khai tử
",
    );
    project.chiso(&["gather"]);
    project.chiso(&["load"]);
    let found = "SELECT procedure_name, procedure, most_like FROM ref.named_procedure ORDER BY procedure, procedure_name";
    let like = "`đăng ký kết hôn` (1.000002)";
    let rows = project.rows(found);
    assert_eq!(
        rows[..3],
        ["ĐĂNG KÝ  KHAI SINH | 1.000001 | ~", "Hòa giải | 1.000003 | ~", "Một thủ tục có mã | 1.000009 | ~"]
    );
    // A name of two procedures, one that nothing is like, and one that is written otherwise: none of them is guessed.
    assert_eq!(rows[3], "Cấp phép | ~ | `cấp phép` (1.000004), `cấp phép` (1.000005)");
    assert_eq!(rows[4], "Khai tử | ~ | ~");
    assert!(rows[5].starts_with(&format!("Đăng kí kết hôn | ~ | {like}")), "{}", rows[5]);
    // A person decides; the same list is read with it.
    let decided = "spelling,procedure_code,decided_on,note\nĐăng kí kết hôn,1.000002,2026-11-29,\nCấp phép,1.000005,2026-11-29,\n";
    project.write("data/vietnam/procedure_spellings.csv", decided);
    project.chiso(&["gather"]);
    project.chiso(&["load"]);
    let procedures =
        project.rows("SELECT procedure FROM ref.named_procedure WHERE procedure IS NOT NULL ORDER BY 1");
    assert_eq!(procedures, ["1.000001", "1.000002", "1.000003", "1.000005", "1.000009"]);
}
