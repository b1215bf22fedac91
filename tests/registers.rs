//! What agencies of Viet Nam send in forms, from the folder that it is dropped into to the number.

mod project;

use project::TestProject;

fn sent(files: &[(&str, &str)]) -> TestProject {
    let project = TestProject::copy_of(".");
    for (table, rows) in files {
        project.write(&format!("inbox/{table}/sent.csv"), rows);
    }
    project
}

#[test]
fn figures_that_were_sent_become_numbers_of_bodies_levels_and_the_country() {
    let project = sent(&[
        (
            "work_file",
            "Mã cơ quan *,Kỳ báo cáo,Cấp,Tổng số hồ sơ công việc,Trong đó chứa bí mật nhà nước,Xử lý trên môi trường mạng
H44,2026-Q3,Tỉnh,110,10,90
H44.100,2026-Q3,xã,10,0,8
G01,2026-Q3,Bộ,50,25,20
000.00.00.H20,2026-Q3,province,10,0,11
",
        ),
        (
            "inspection",
            "agency_code,period,inspections,remote
H44,2026-Q3,10,4
H44.100,2026-Q3,1,0
",
        ),
        (
            "procedure_level",
            "MaTTHC,MaCoQuan,MucDo,eligible,valid_from
1.004194,H44,4,Có,01/07/2025
1.004195,H44,Mức độ 3,Có,01/07/2025
1.004196,H44,Toàn trình,,01/07/2025
",
        ),
        (
            "satisfaction",
            "agency_code,wave,instrument,topic,question,answer,count
H44,2026-Q3,Đề án 06,Cư trú,overall,Rất hài lòng,90
H44,2026-Q3,project-06,residence,overall,Không hài lòng,10
H44,2026-Q3,project-06,residence,overall,Không biết,50
",
        ),
        (
            "satisfaction_response",
            "agency_code,wave,instrument,respondent,question,answer,HoTen
H44,2026-Q3,one-stop-form,1,overall,Hài lòng,Người thứ nhất
H44,2026-Q3,one-stop-form,2,overall,Chưa hài lòng,Người thứ hai
H44,2026-Q3,one-stop-form,3,overall,,Người thứ ba
",
        ),
        (
            "digitisation",
            "Mã cơ quan,Kỳ báo cáo,Hồ sơ tiếp nhận,Hồ sơ được số hóa,Kết quả giải quyết,Kết quả được số hóa,Dữ liệu đã số hóa,Dữ liệu đã số hóa được tái sử dụng
H44,2026-Q3,10,6,8,8,5,
G01,2026-Q3,2,1,0,0,4,3
",
        ),
        (
            "procedure_cut",
            "agency_code,period,at_start,cut,basis
G01,2026-Q3,100,21,Bãi bỏ
",
        ),
        (
            "agency_state",
            "agency_code,kind,as_of,met
H44,Cung cấp dữ liệu mở,30/06/2026,Có
H44,Cung cấp dữ liệu mở,01/10/2026,Không
",
        ),
        // 15 working days after Monday 24 August 2026, with 31 August to 2 September off, are Thursday 17 September.
        (
            "petition",
            "petition_code,agency_code,received_on,due_on,answered_on,rating
P1,H44,2026-08-24,,2026-09-17,Hài lòng
P2,H44,2026-08-24,,2026-09-18,
",
        ),
    ]);
    let said = project.chiso(&["run", "--period", "2026-Q3"]).ends(1);
    let broken = "In what agencies sent, a part is not more than its whole: broken by 1 row";
    assert!(said.stderr.contains(broken), "{}", said.stderr);
    // Phú Thọ sent 10 inspections, a commune of it 1: it may be among them. Of work files each sent those of its level.
    assert_eq!(
        project.rows("SELECT rows FROM meta.check_result WHERE check_id = 'register-figures-counted-once'"),
        [
            r#"[["fact.inspection","H44","2026-Q3","","sent 10, its units 1: are these in it?","cơ quan gửi 10, các đơn vị gửi 1: có cộng lại không?"]]"#
        ]
    );
    let numbers = |indicator: &str| {
        project.rows(&format!(
            "SELECT org_id, breakdown, CAST(numerator AS BIGINT), CAST(denominator AS BIGINT) FROM out.observation \
             WHERE indicator = '{indicator}' AND period = '2026-Q3' ORDER BY ALL NULLS FIRST"
        ))
    };
    let shown = |indicator: &str| {
        let rows = numbers(indicator);
        rows.iter().map(|row| row.replace(" | ~ |", " |").replace(" |  |", " |")).collect::<Vec<_>>()
    };
    assert_eq!(
        shown("work-files-online"),
        [
            "C.07900 | 8 | 10",
            "G01 | 20 | 25",
            "H20 | 11 | 10",
            "H44 | 90 | 100",
            "VN | 129 | 145",
            "VN.COMMUNES | 8 | 10",
            "VN.MINISTRIES | 20 | 25",
            "VN.PROVINCES | 101 | 110",
        ]
    );
    // 11 of 10 stands there, and is marked where it stands.
    assert_eq!(
        project.rows(
            "SELECT org_id, mark, checks FROM published.quality WHERE indicator = 'work-files-online' \
             AND period = '2026-Q3' AND checks <> '' ORDER BY ALL"
        ),
        ["H20 | C | register-figures-fit"]
    );
    assert_eq!(shown("catalogue-full-process-rate"), ["H44 | 2 | 3", "VN | 2 | 3", "VN.PROVINCES | 2 | 3"]);
    assert_eq!(
        shown("catalogue-full-process-eligible-rate"),
        ["H44 | 1 | 2", "VN | 1 | 2", "VN.PROVINCES | 1 | 2"]
    );
    assert_eq!(shown("petitions-answered-on-time")[0], "H44 | 1 | 2");
    assert_eq!(shown("satisfaction-project06")[..2], ["H44 | 90 | 100", "H44 | residence | 90 | 100"]);
    // Two people answered here: the rules of `disclosure.yml` keep that back.
    assert_eq!(numbers("satisfaction-one-stop")[..2], ["H44 |  | ~ | ~", "H44 | one-stop-form | ~ | ~"]);
    assert_eq!(
        shown("dossiers-and-results-digitised"),
        ["G01 | 1 | 2", "H44 | 14 | 18", "VN | 15 | 20", "VN.MINISTRIES | 1 | 2", "VN.PROVINCES | 14 | 18"]
    );
    // What was digitised in Phú Thọ counts on neither side: it is not known how much of it was reused.
    assert_eq!(numbers("digitised-data-reused")[..3], ["G01 |  | 3 | 4", "H44 |  | ~ | ~", "VN |  | 3 | 4"]);
    assert_eq!(shown("procedures-cut"), ["G01 | 21 | 100", "VN | 21 | 100", "VN.MINISTRIES | 21 | 100"]);
    // The answer of October is not of this quarter; 50 of the 51 agencies have not answered.
    assert_eq!(
        numbers("agencies-with-open-data"),
        ["H44 |  | 1 | 1", "VN |  | ~ | 51", "VN.PROVINCES |  | ~ | 34"]
    );
    assert_eq!(shown("agencies-around-the-clock"), [""; 0]);
    assert_eq!(shown("national-databases-shared"), [""; 0], "nothing was sent, which is not zero");
    // Names of people are in no table.
    let named = "SELECT count(*) FROM duckdb_columns() WHERE lower(column_name) = 'hoten'";
    assert_eq!(project.rows(named), ["0"]);
}

#[test]
fn a_form_that_is_given_twice_counts_once() {
    let project = sent(&[(
        "inspection",
        "agency_code,period,inspections,remote\nH44,2026-Q3,10,4\nPhú Thọ,2026-Q3,12,6\nH05,2026-Q3,8,2\n",
    )]);
    let of = |org: &str| {
        project.rows(&format!(
            "SELECT numerator, denominator FROM out.observation WHERE indicator = 'inspections-remote' \
             AND period = '2026-Q3' AND org_id = '{org}'"
        ))
    };
    // Within the file the row that comes last is the one of the body, whichever way it is written.
    let said = project.chiso(&["run", "--period", "2026-Q3"]).ends(0);
    assert_eq!((of("H44"), of("VN")), (vec!["6 | 12".to_owned()], vec!["8 | 20".to_owned()]));
    let again = "`inbox/inspection/sent.csv` gives 1 row again further down: the last of each counts";
    assert!(said.stderr.contains(again), "{}", said.stderr);

    // A copy under another name, with a correction.
    project.write(
        "inbox/inspection/sent (1).csv",
        "agency_code,period,inspections,remote\nH44,2026-Q3,12,7\nH05,2026-Q3,8,2\n",
    );
    let said = project.chiso(&["run", "--period", "2026-Q3"]).ends(0);
    assert_eq!((of("H44"), of("VN")), (vec!["7 | 12".to_owned()], vec!["9 | 20".to_owned()]));
    let again = "`inbox/inspection/sent (1).csv` gives 3 rows of `inbox/inspection/sent.csv` again";
    assert!(said.stderr.contains(again), "{}", said.stderr);

    // It is told as long as both are there, and what it stood for comes back when it goes.
    let said = project.chiso(&["load"]).ends(0);
    assert!(said.stderr.contains(again), "{}", said.stderr);
}

#[test]
fn a_period_that_has_not_begun_has_no_number() {
    let project = sent(&[(
        "inspection",
        "agency_code,period,inspections,remote\nH44,2026-Q3,10,4\nH44,2099-Q4,10,10\n",
    )]);
    let said = project.chiso(&["run", "--period", "2026-Q3"]).ends(0);
    let periods = "SELECT DISTINCT period FROM out.observation WHERE indicator = 'inspections-remote'";
    assert_eq!(project.rows(periods), ["2026-Q3"]);
    let told = "of `inspections-remote` left out: the period has not begun";
    assert!(said.stderr.contains(told) && said.stderr.contains("2099-Q4"), "{}", said.stderr);
}

#[test]
fn what_cannot_be_is_not_counted() {
    let project = sent(&[
        (
            "work_file",
            "agency_code,period,level,opened,secret,processed_online\nH44,2026-Q3,province,10,30,5\nH05,2026-Q3,province,100,0,50\n",
        ),
        (
            "petition",
            "petition_code,agency_code,received_on,answered_on\nP1,H44,2026-08-05,2026-07-01\nP2,H44,2026-08-05,2026-08-06\n",
        ),
    ]);
    project.chiso(&["run", "--period", "2026-Q3"]).ends(1);
    let of = |indicator: &str, org: &str| {
        project.rows(&format!(
            "SELECT numerator, denominator FROM out.observation WHERE indicator = '{indicator}' \
             AND period = '2026-Q3' AND org_id = '{org}' AND value IS NOT NULL"
        ))
    };
    // More secret files than there are leave no whole: H44 is not known, and the country is H05 alone.
    assert_eq!(of("work-files-online", "H44"), [""; 0]);
    assert_eq!(of("work-files-online", "VN"), ["50 | 100"]);
    let told = "SELECT broken FROM meta.check_result WHERE check_id = 'petitions-answered-after-receipt'";
    assert_eq!(project.rows(told), ["1"]);
    let judged = "SELECT petition_code, due_on IS NULL FROM fact.petition_due ORDER BY 1";
    assert_eq!(project.rows(judged), ["P1 | true", "P2 | false"]);
}

/// The numbers of an indicator in the third quarter of 2026.
fn of_quarter(project: &TestProject, indicator: &str) -> Vec<String> {
    project.rows(&format!(
        "SELECT org_id, CAST(numerator AS BIGINT), CAST(denominator AS BIGINT) FROM out.observation \
         WHERE indicator = '{indicator}' AND period = '2026-Q3' AND breakdown = '' ORDER BY ALL"
    ))
}

/// A province that listed its services before the merger of 2025 sends no row again; whoever bears its code goes on with them.
#[test]
fn a_catalogue_goes_on_with_the_code_of_its_agency() {
    let project = sent(&[(
        "procedure_level",
        "MaTTHC,MaCoQuan,MucDo,eligible,valid_from,valid_to
1.004194,H44,4,Có,01/01/2024,
1.004195,H44,3,Có,01/01/2024,
1.004195,H44,4,Có,01/01/2026,
1.004195.000.00.00.H44,H44,4,Có,01/02/2026,
1.004196,H44,4,Có,01/01/2024,31/12/2025
1.004197,H62,4,Có,01/01/2024,
",
    )]);
    project.chiso(&["run", "--period", "2026-Q3"]);
    // Two procedures of Phú Thọ, each once; what Vĩnh Phúc listed ended with its code.
    assert_eq!(
        of_quarter(&project, "catalogue-full-process-rate"),
        ["H44 | 2 | 2", "VN | 2 | 2", "VN.PROVINCES | 2 | 2"]
    );
    let spans = "SELECT org_id, procedure, level, first_on, last_on FROM fact.service_catalogue ORDER BY procedure, first_on";
    assert_eq!(
        project.rows(spans),
        [
            "H44@2025-06-30 | 1.004194 | full | 2024-01-01 | 2025-06-30",
            "H44 | 1.004194 | full | 2025-07-01 | 9999-12-31",
            "H44@2025-06-30 | 1.004195 | partial | 2024-01-01 | 2025-06-30",
            "H44 | 1.004195 | partial | 2025-07-01 | 2025-12-31",
            "H44 | 1.004195 | full | 2026-01-01 | 2026-01-31",
            "H44 | 1.004195 | full | 2026-02-01 | 9999-12-31",
            "H44@2025-06-30 | 1.004196 | full | 2024-01-01 | 2025-06-30",
            "H44 | 1.004196 | full | 2025-07-01 | 2025-12-31",
            "H62@2025-06-30 | 1.004197 | full | 2024-01-01 | 2025-06-30",
        ]
    );
}

/// A form that was counted anew takes the place of the former one as a whole, and so does a file of respondents.
#[test]
fn a_corrected_form_leaves_nothing_of_the_former_one() {
    let forms = |answers: &[(&str, u32)]| {
        let mut text = "agency_code,wave,instrument,topic,question,answer,count\n".to_owned();
        for (answer, count) in answers {
            text += &format!("H14,2026-Q3,one-stop-form,,overall,{answer},{count}\n");
        }
        text
    };
    let people = |satisfied: usize| {
        let mut text = "agency_code,wave,instrument,respondent,question,answer\n".to_owned();
        for n in 1..=40 {
            let answer = if n <= satisfied { "Hài lòng" } else { "Chưa hài lòng" };
            text += &format!("H26,2026-Q3,one-stop-form,{n},overall,{answer}\n");
        }
        text
    };
    let project = sent(&[]);
    project.write(
        "inbox/satisfaction/h14.csv",
        forms(&[("very-satisfied", 100), ("satisfied", 100), ("very-unsatisfied", 200)]),
    );
    project.write("inbox/satisfaction_response/h26.csv", people(20));
    project.chiso(&["run", "--period", "2026-Q3"]);
    assert_eq!(of_quarter(&project, "satisfaction-one-stop")[..2], ["H14 | 200 | 400", "H26 | 20 | 40"]);
    project.write(
        "inbox/satisfaction/h14 (sửa).csv",
        forms(&[("very-satisfied", 100), ("satisfied", 100), ("not-satisfied", 20), ("2", 70)]),
    );
    project.write("inbox/satisfaction_response/h26 (sửa).csv", people(32));
    let said = project.chiso(&["run", "--period", "2026-Q3"]);
    // Points are no answer in words: they are in no number, and told.
    assert_eq!(of_quarter(&project, "satisfaction-one-stop")[..2], ["H14 | 200 | 220", "H26 | 32 | 40"]);
    assert!(
        said.stderr.contains("An answer about satisfaction is one of its form: broken by 1 row"),
        "{}",
        said.stderr
    );
    assert!(said.stderr.contains("gives 3 rows of `inbox/satisfaction/h14.csv` again"), "{}", said.stderr);
    // Where both ways are used for one form they are added, and that is told.
    let in_one_way = project.read("queries/checks/satisfaction-sent-in-one-way.sql");
    assert_eq!(project.rows(&in_one_way), [""; 0]);
    project.write("inbox/satisfaction/h26.csv", forms(&[("satisfied", 32)]).replace("H14", "H26"));
    project.chiso(&["run", "--period", "2026-Q3"]);
    assert_eq!(project.rows(&in_one_way).len(), 1);
}

/// Numbers are of one question, and of Project 06 by field: what was asked in another way is told, not left out without a word.
#[test]
fn an_answer_about_satisfaction_that_is_in_no_number_is_told() {
    let project = sent(&[(
        "satisfaction",
        "agency_code,wave,instrument,topic,question,answer,count
H44,2026-Q3,one-stop-form,,Mức độ hài lòng chung,satisfied,90
H44,2026-Q3,project-06,,overall,satisfied,80
H44,2026-Q3,one-stop-criteria,,1,2,70
H05,2026-Q3,one-stop-form,,overall,satisfied,60
H05,2026-Q3,one-stop-form,,waiting,satisfied,60
H05,2026-Q3,project-06,residence,overall,satisfied,50
",
    )]);
    project.chiso(&["run", "--period", "2026-Q3"]).ends(0);
    let told = project.rows(&project.read("queries/checks/satisfaction-questions-counted.sql"));
    let told: Vec<&str> = told.iter().filter_map(|row| row.split("; in no number").next()).collect();
    assert_eq!(
        told,
        [
            "H44 | 2026-Q3 | one-stop-form | Mức độ hài lòng chung | the form has no question `overall`",
            "H44 | 2026-Q3 | project-06 | overall | of no field",
        ]
    );
}

/// A province that writes the level of ministries would be in the sum of ministries.
#[test]
fn a_row_at_a_level_that_its_body_has_nothing_of_is_told() {
    let project = sent(&[(
        "work_file",
        "Mã cơ quan *,Kỳ báo cáo,Cấp,Tổng số hồ sơ công việc,Trong đó chứa bí mật nhà nước,Xử lý trên môi trường mạng
H44,2026-Q3,Tỉnh,110,10,90
H44,2026-Q3,Xã,500,0,400
H14,2026-Q3,Bộ,900,0,0
H44.100,2026-Q3,Tỉnh,10,0,8
G01,2026-Q3,Bộ,50,25,20
",
    )]);
    project.chiso(&["run", "--period", "2026-Q3"]).ends(1);
    let broken = project.rows(&project.read("queries/checks/register-levels-fit.sql"));
    let broken: Vec<&str> = broken.iter().filter_map(|row| row.split(" | the body").next()).collect();
    assert_eq!(
        broken,
        [
            "fact.work_file | C.07900 | 2026-Q3 | province | work-files-online",
            "fact.work_file | H14 | 2026-Q3 | ministry | work-files-online",
        ]
    );
}

/// Agencies number their petitions each for itself; a database that nobody knows is no answer about one that everybody does.
#[test]
fn codes_are_of_whoever_gave_them_and_of_a_list() {
    let project = sent(&[(
        "national_database",
        "database,as_of,complete,shared\nCơ sở dữ liệu quốc gia về tài chính,01/06/2025,Có,Có\ndan-cu,01/06/2025,Có,Có\n",
    )]);
    let petitions = |agency: &str, day: &str| {
        format!(
            "petition_code,agency_code,received_on,due_on,answered_on,rating\n1,{agency},2026-08-03,2026-08-20,{day},\n2,{agency},2026-08-03,2026-08-20,{day},\n3,{agency},2026-08-03,2026-08-20,2026-08-01,\n"
        )
    };
    project.write("inbox/petition/h26.csv", petitions("H26", "2026-08-10"));
    project.write("inbox/petition/h14.csv", petitions("H14", "2026-08-30"));
    project.chiso(&["run", "--period", "2026-Q3"]);
    let answered = of_quarter(&project, "petitions-answered-on-time");
    assert_eq!(answered[..3], ["H14 | 0 | 2", "H26 | 2 | 2", "VN | 2 | 4"]);
    // An answer before its petition is told of once, by the rule about it.
    assert_eq!(project.rows(&project.read("queries/checks/petitions-have-due-day.sql")), [""; 0]);
    assert_eq!(project.rows(&project.read("queries/checks/petitions-answered-after-receipt.sql")).len(), 2);
    assert_eq!(project.rows("SELECT database FROM fact.national_database"), ["finance"]);
    let rejects = "SELECT value FROM meta.reject WHERE column_name = 'database'";
    assert_eq!(project.rows(rejects), ["dan-cu"]);
}
