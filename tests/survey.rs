//! A survey file with one row per respondent and one column per question: read, counted, and never shown row by row.
//!
//! With `CHISO_KCMO` the same is done with the real file of the resident survey of Kansas City (Missouri), March 2022,
//! whose rows are not ours to ship: `CHISO_KCMO=<folder>/kcmo_mar_2022_safe.csv cargo test --test survey`.

mod project;

use project::TestProject;

/// A wide file needs a contract with its questions, and a view that counts answers.
fn with_survey(answers: &str) -> TestProject {
    let project = TestProject::small();
    project.write("data/survey.csv", answers);
    project.write(
        "queries/tables/fact.resident_survey.yml",
        "row: One respondent of one wave
missing: [\"\", NA]
file: { other_columns: ignore }
columns:
  q2_01:  { type: integer, min: 1, max: 9, label: { en: City services in all } }
  q15_01: { type: integer, min: 1, max: 9, label: { en: Municipal court payment online } }
  q17_01: { type: integer, min: 1, max: 9, label: { en: 311 by telephone } }
  q17_02: { type: integer, min: 1, max: 9, label: { en: 311 by web or application } }
",
    );
    project.write(
        "queries/tables/fact.survey_answer.sql",
        "-- Answers of the survey: one row per question and answer, with how many gave it; respondents end here.
SELECT question, answer, count(*) AS count
FROM (UNPIVOT (SELECT q2_01, q15_01, q17_01, q17_02 FROM fact.resident_survey) ON * INTO NAME question VALUE answer)
GROUP BY ALL
",
    );
    project.edit(
        "sources.yml",
        "  - id: services\n",
        "  - id: survey
    title: { vi: Điều tra, en: Survey }
    table: fact.resident_survey
    path: data/survey.csv
    publisher: A city
    licence: Open data
  - id: services\n",
    );
    for (id, counts) in [("satisfied", 0), ("satisfied-of-all-asked", 1)] {
        project.write(
            &format!("indicators/{id}.yml"),
            format!(
                "id: {id}
title: {{ vi: Hài lòng, en: Satisfied }}
unit: percent
direction: higher-is-better
shape: ratio
decimals: 2
period: any
params: {{ satisfied_from: 4, scale_to: 5, do_not_know: 9, count_do_not_know: {counts} }}
breakdown:
  q2_01: {{ vi: Chung, en: In all }}
  q15_01: {{ vi: Tòa án, en: Court }}
  q17_01: {{ vi: Điện thoại, en: Telephone }}
  q17_02: {{ vi: Mạng, en: Web }}
sources: [survey]
method: {{ vi: Tỷ lệ, en: Answers from satisfied_from on over answers on the scale }}
"
            ),
        );
        project.write(
            &format!("queries/{id}.sql"),
            "-- Satisfied respondents: one row per question.
-- Gives org_id, period, breakdown, numerator, denominator. Whether who does not know counts is a matter of the definition.
SELECT
    'A' AS org_id,
    '2022-03' AS period,
    question AS breakdown,
    CAST(coalesce(sum(count) FILTER (WHERE answer BETWEEN $satisfied_from AND $scale_to), 0) AS BIGINT) AS numerator,
    CAST(coalesce(sum(count) FILTER (
        WHERE answer <= $scale_to OR (answer = $do_not_know AND $count_do_not_know = 1)
    ), 0) AS BIGINT) AS denominator
FROM fact.survey_answer
GROUP BY question
ORDER BY question
",
        );
    }
    project.edit("reports/site.yml", "[online-share]", "[satisfied, satisfied-of-all-asked]");
    project.remove("indicators/online-share.yml");
    project.remove("queries/online-share.sql");
    project
}

fn rates(project: &TestProject) -> Vec<String> {
    project.rows(
        "SELECT indicator, breakdown, CAST(numerator AS BIGINT), CAST(denominator AS BIGINT), \
         CASE WHEN value IS NOT NULL THEN printf('%.6f', value) END FROM out.observation ORDER BY 1 DESC, 2",
    )
}

#[test]
fn who_does_not_know_counts_only_where_the_definition_says_so() {
    let project = with_survey(
        "id,method,q2_01,q17_01,q17_02,q15_01
1,mail,5,4,1,9
2,mail,4,NA,2,9
3,web,3,3,9,9
4,web,NA,5,,5
5,web,1,9,4,1
",
    );
    project.chiso(&["run"]).ends(0);
    assert_eq!(
        rates(&project),
        [
            "satisfied-of-all-asked | q15_01 | 1 | 5 | 20.000000",
            "satisfied-of-all-asked | q17_01 | 2 | 4 | 50.000000",
            "satisfied-of-all-asked | q17_02 | 1 | 4 | 25.000000",
            "satisfied-of-all-asked | q2_01 | 2 | 4 | 50.000000",
            "satisfied | q15_01 | 1 | 2 | 50.000000",
            "satisfied | q17_01 | 2 | 3 | 66.666667",
            "satisfied | q17_02 | 1 | 3 | 33.333333",
            "satisfied | q2_01 | 2 | 4 | 50.000000",
        ]
    );
}

#[test]
fn an_answer_off_the_scale_is_a_reject() {
    let project = with_survey("q2_01,q17_01,q17_02,q15_01\n5,4,1,9\n12,4,1,9\n");
    project.chiso(&["run"]).ends(1);
    assert_eq!(
        project.rows("SELECT row_no, column_name, value, rule FROM published.reject"),
        ["3 | q2_01 | 12 | more than 9"]
    );
}

#[test]
fn the_survey_of_kansas_city_gives_its_figures() {
    let Some(path) = std::env::var_os("CHISO_KCMO") else { return };
    let answers = std::fs::read_to_string(&path).expect("the file that CHISO_KCMO names");
    let project = with_survey(&answers);
    project.chiso(&["run"]).ends(0);
    let rate = |indicator: &str, question: &str| {
        let row =
            rates(&project).into_iter().find(|row| row.starts_with(&format!("{indicator} | {question} ")));
        row.and_then(|row| row.rsplit(" | ").next().map(str::to_owned)).expect("a rate")
    };
    assert_eq!(rate("satisfied", "q2_01"), "54.508197");
    assert_eq!(rate("satisfied", "q17_02"), "62.080000");
    assert_eq!(rate("satisfied", "q17_01"), "69.037657");
    assert_eq!(rate("satisfied", "q15_01"), "43.193717");
    assert_eq!(rate("satisfied-of-all-asked", "q15_01"), "16.768293");
}
