//! Organisations of Viet Nam, true in time: the lists, names, codes and links of the root project, through the binary.

mod project;

use std::sync::{LazyLock, Mutex};

use chiso::db::Db;
use project::{TestProject, shown_rows};

/// The root project after one run, and its database.
static PROJECT: LazyLock<(TestProject, Mutex<Db>)> = LazyLock::new(|| {
    let project = TestProject::after_run();
    let db = project.db();
    (project, Mutex::new(db))
});

fn rows(sql: &str) -> Vec<String> {
    let db = PROJECT.1.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    shown_rows(&db, sql)
}

/// Whether a row of `ref.*` speaks of a day.
fn on(day: &str) -> String {
    format!(
        "DATE '{day}' BETWEEN coalesce(valid_from, DATE '0001-01-01') AND coalesce(valid_to, DATE '9999-12-31')"
    )
}

/// The organisation that a code means on a day.
fn bearer(system: &str, code: &str, day: &str) -> Vec<String> {
    rows(&format!(
        "SELECT org_id FROM ref.organisation_code WHERE code_system = '{system}' AND code = '{code}' AND {}",
        on(day)
    ))
}

#[test]
fn every_row_of_the_lists_is_an_organisation_of_its_days() {
    let lists = rows(
        "SELECT table_name, rows_loaded, rows_rejected FROM meta.file \
         WHERE table_name IN ('ref.agency', 'ref.province', 'ref.district_legacy', 'ref.commune_legacy', 'ref.commune', \
             'ref.agency_unit') ORDER BY table_name",
    );
    let expected = [
        "ref.agency | 115 | 0",
        "ref.agency_unit | 163 | 0",
        "ref.commune | 3321 | 0",
        "ref.commune_legacy | 10035 | 0",
        "ref.district_legacy | 696 | 0",
        "ref.province | 86 | 0",
    ];
    assert_eq!(lists, expected);

    let there = |day: &str| {
        rows(&format!(
            "SELECT level, count(*) FROM ref.organisation WHERE level NOT IN ('group', 'foreign-state') AND {} \
             GROUP BY level ORDER BY level",
            on(day)
        ))
    };
    // Resolution 176/2025: 22 ministries and ministerial-level agencies became 17.
    assert!(there("2025-02-28").contains(&"ministry | 22".to_owned()));
    // Resolution 202/2025: 63 provinces became 34, 10,035 communes 3,321, and the districts ended.
    let before = ["commune | 10035", "country | 1", "district | 696", "ministry | 17", "province | 63"];
    assert_eq!(there("2025-06-30"), before);
    let after = ["commune | 3321", "country | 1", "ministry | 17", "province | 34", "province-unit | 15"];
    assert_eq!(there("2025-07-01"), after);

    let in_all = "SELECT count(*), count(DISTINCT org_id) FROM ref.organisation WHERE level = 'commune'";
    assert_eq!(rows(in_all), ["13229 | 13229"], "10,035 and 3,321, of which 127 went on unchanged");
    // Counted in the merger resolutions: 2,621 communes, 687 wards and 13 special zones.
    let types = "SELECT type, count(*) FROM ref.organisation WHERE level = 'commune' AND valid_to IS NULL GROUP BY type ORDER BY type";
    assert_eq!(rows(types), ["commune | 2621", "special-zone | 13", "ward | 687"]);
    assert_eq!(
        rows(
            "SELECT count(*) FROM ref.organisation WHERE level IN ('province', 'district', 'commune') AND type IS NULL"
        ),
        ["0"]
    );
}

#[test]
fn what_a_body_left_is_held_by_one_body_of_each_level_at_a_time() {
    for day in ["2024-12-31", "2025-03-01", "2025-06-30", "2025-07-01", "2026-09-30"] {
        let of_day = format!(
            "ref.organisation_above AS above WHERE DATE '{day}' BETWEEN first_on AND last_on AND DATE '{day}' BETWEEN held_from AND held_to"
        );
        let twice = format!("SELECT org_id, above_id FROM {of_day} GROUP BY ALL HAVING count(*) > 1");
        assert_eq!(rows(&twice), [""; 0], "{day}");
        // Each body of Viet Nam reaches the country, and at most one province.
        let lost = format!(
            "SELECT org_id FROM ref.organisation WHERE level NOT IN ('foreign-state', 'group') \
             AND org_id NOT IN (SELECT org_id FROM {of_day} AND above_id = 'VN') LIMIT 3"
        );
        assert_eq!(rows(&lost), [""; 0], "{day}");
        let two = format!(
            "SELECT org_id FROM {of_day} AND above_id IN (SELECT org_id FROM ref.organisation WHERE level = 'province') \
             GROUP BY org_id HAVING count(*) > 1 LIMIT 3"
        );
        assert_eq!(rows(&two), [""; 0], "{day}");
    }
    let heirs = "SELECT above_id, held_from, held_to FROM ref.organisation_above WHERE org_id = 'H28@2025-06-30' ORDER BY ALL";
    assert_eq!(
        rows(heirs),
        [
            "H28@2025-06-30 | 0001-01-01 | 2025-06-30",
            "H44 | 2025-07-01 | 9999-12-31",
            "VN | 0001-01-01 | 2025-06-30",
            "VN | 2025-07-01 | 9999-12-31",
            "VN.PROVINCES | 0001-01-01 | 2025-06-30",
            "VN.PROVINCES | 2025-07-01 | 9999-12-31",
        ]
    );
}

#[test]
fn a_province_goes_by_each_of_its_names() {
    for (name, day, bearer_of_it) in [
        ("huế", "2024-06-30", "H57"),
        ("thừa thiên huế", "2026-09-30", "H57"),
        ("bắc ninh", "2026-09-30", "H05"),
        ("bắc ninh", "2025-06-30", "H05@2025-06-30"),
        ("tỉnh đồng nai", "2026-09-30", "H19"),
        ("thành phố quảng ninh", "2026-09-30", "H49"),
    ] {
        let found = rows(&format!(
            "SELECT org_id FROM ref.organisation_code WHERE code_system = 'name' AND lower(code) = '{name}' \
             AND DATE '{day}' BETWEEN coalesce(valid_from, DATE '0001-01-01') AND coalesce(valid_to, DATE '9999-12-31')"
        ));
        assert_eq!(found, [bearer_of_it], "{name} on {day}");
    }
}

#[test]
fn statistical_codes_of_provinces_mean_another_body_on_the_next_day() {
    // Yên Bái and Lào Cai, Bắc Giang and Bắc Ninh, and so on: the code follows the administrative centre.
    let changed = [
        ("15", "H63", "H38"),
        ("24", "H02", "H05"),
        ("44", "H46", "H50"),
        ("52", "H08", "H21"),
        ("80", "H39", "H53"),
        ("82", "H58", "H20"),
        ("91", "H33", "H01"),
    ];
    for (code, before, after) in changed {
        assert_eq!(bearer("gso-province", code, "2025-06-30"), [format!("{before}@2025-06-30")], "{code}");
        assert_eq!(bearer("gso-province", code, "2025-07-01"), [after], "{code}");
    }
    let all = rows(
        "SELECT old.code FROM ref.organisation_code AS old \
         JOIN ref.organisation_code AS new ON new.code_system = old.code_system AND new.code = old.code \
         WHERE old.code_system = 'gso-province' AND old.valid_to = '2025-06-30' AND new.valid_from = '2025-07-01' \
             AND split_part(old.org_id, '@', 1) <> new.org_id ORDER BY old.code",
    );
    assert_eq!(all, changed.map(|(code, ..)| code));
}

#[test]
fn codes_of_communes_pass_to_other_units() {
    let reused = "SELECT count(*) FILTER (WHERE old.code IS NOT NULL), count(*) FROM ref.commune AS new \
        LEFT JOIN (SELECT DISTINCT code FROM ref.organisation_code WHERE code_system = 'gso-commune' AND valid_to = '2025-06-30') \
        AS old ON old.code = new.commune_code";
    assert_eq!(rows(reused), ["3316 | 3321"]);
    // Names compared without the word for the type, accents, capitals and blanks, from the lists as they are. Two townships
    // whose list writes `Thị Trấn` are counted as renamed where only `Thị trấn` is taken for the word.
    let renamed = |word: &str| {
        let plain = |name: &str| {
            format!(
                "regexp_replace(replace(strip_accents(lower(regexp_replace({name}, \
                 '^(Xã|Phường|{word}|Đặc khu) ', ''))), 'đ', 'd'), '[^a-z0-9]', '', 'g')"
            )
        };
        rows(&format!(
            "SELECT count(*) FROM ref.commune AS new JOIN ref.commune_legacy AS old ON old.commune_code = new.commune_code \
             WHERE {} <> {}",
            plain("new.name_vi"),
            plain("old.name_vi")
        ))
    };
    assert_eq!(renamed("Thị trấn"), ["1796"]);
    assert_eq!(renamed("Thị [Tt]rấn"), ["1794"]);

    // Trúc Bạch gave its code to Ba Đình; Ngọc Long went on as it was.
    assert_eq!(bearer("gso-commune", "00004", "2025-06-30"), ["C.00004@2025-06-30"]);
    assert_eq!(bearer("gso-commune", "00004", "2025-07-01"), ["C.00004"]);
    assert_eq!(bearer("gso-commune", "00859", "2025-06-30"), ["C.00859"]);
    assert_eq!(bearer("gso-commune", "00859", "2025-07-01"), ["C.00859"]);
    assert_eq!(bearer("gso-district", "001", "2025-06-30"), ["D.001@2025-06-30"]);
    assert_eq!(bearer("gso-district", "001", "2025-07-01"), [""; 0]);

    // A second public list has other codes for 123 communes; in it 13285 is another commune of Ninh Bình.
    let other = "SELECT count(*) FROM ref.organisation_code AS other JOIN ref.commune AS c ON other.org_id = 'C.' || c.commune_code \
        WHERE other.code_system = 'gso-commune-other' AND other.code <> c.commune_code";
    assert_eq!(rows(other), ["123"]);
    assert_eq!(bearer("gso-commune", "13285", "2026-01-01"), ["C.13285"]);
    assert_eq!(bearer("gso-commune-other", "13285", "2026-01-01"), ["C.13318"]);
}

#[test]
fn identifier_codes_resolve_in_both_forms() {
    for code in ["H44", "000.00.00.H44"] {
        let system = if code.len() == 3 { "agency" } else { "agency-2016" };
        assert_eq!(bearer(system, code, "2025-06-30"), ["H44@2025-06-30"]);
        assert_eq!(bearer(system, code, "2025-07-01"), ["H44"]);
    }
    assert_eq!(bearer("agency-2016", "000.00.00.G09", "2025-02-28"), ["G09@2025-02-28"]);
    assert_eq!(bearer("agency", "G09", "2025-03-01"), ["G09"]);
    assert_eq!(bearer("agency", "G14", "2025-03-01"), [""; 0], "that ministry ended the day before");
    // A commune is the same body under its statistical code and its identifier code.
    assert_eq!(bearer("agency", "H44.100", "2026-09-26"), bearer("gso-commune", "07900", "2026-09-26"));
    assert_eq!(bearer("agency", "H44.08", "2026-09-26"), ["H44.08"]);
    assert_eq!(
        bearer("agency", "H44.08", "2025-06-30"),
        [""; 0],
        "units of the smaller province are not listed"
    );
}

#[test]
fn names_have_days() {
    let named = |org: &str, day: &str| {
        rows(&format!(
            "SELECT name_vi, name_en, type FROM ref.organisation_name WHERE org_id = '{org}' AND {}",
            on(day)
        ))
    };
    assert_eq!(named("H57", "2024-12-31"), ["Tỉnh Thừa Thiên Huế | Thua Thien Hue province | province"]);
    assert_eq!(named("H57", "2025-01-01"), ["Thành phố Huế | Hue city | city"]);
    assert_eq!(named("H19@2025-06-30", "2025-06-30"), ["Tỉnh Đồng Nai | Dong Nai province | province"]);
    assert_eq!(named("H19", "2025-07-01"), ["Tỉnh Đồng Nai | Dong Nai province | province"]);
    assert_eq!(named("H19", "2026-09-17"), ["Thành phố Đồng Nai | Dong Nai city | city"]);
    assert_eq!(named("C.00922", "2025-06-30"), ["Xã Thuận Hoà | Thuận Hoà commune | commune"]);
    assert_eq!(named("C.00922", "2025-07-01"), ["Xã Thuận Hòa | Thuận Hòa commune | commune"]);
    assert_eq!(named("C.27076@2025-06-30", "2025-06-30"), ["Phường 15 | Ward 15 | ward"]);
    assert_eq!(named("D.760@2025-06-30", "2025-06-30"), ["Quận 1 | Urban district 1 | urban-district"]);

    // A body that ended says so where one of today bears, or bore, the same name.
    let shown = |org: &str| rows(&format!("SELECT name_vi FROM ref.organisation WHERE org_id = '{org}'"));
    assert_eq!(shown("H44@2025-06-30"), ["Tỉnh Phú Thọ (đến 30/06/2025)"]);
    assert_eq!(shown("H19@2025-06-30"), ["Tỉnh Đồng Nai (đến 30/06/2025)"]);
    assert_eq!(shown("H19"), ["Thành phố Đồng Nai"]);
    assert_eq!(shown("H62@2025-06-30"), ["Tỉnh Vĩnh Phúc"]);
}

#[test]
fn the_body_above_is_that_of_the_day() {
    let above = |org: &str, day: &str| {
        rows(&format!("SELECT parent_id FROM ref.organisation_parent WHERE org_id = '{org}' AND {}", on(day)))
    };
    assert_eq!(above("C.00859", "2025-06-30"), ["D.028@2025-06-30"]);
    assert_eq!(above("D.028@2025-06-30", "2025-06-30"), ["H22@2025-06-30"]);
    assert_eq!(above("C.00859", "2025-07-01"), ["H60"]);
    assert_eq!(above("D.001@2025-06-30", "2025-06-30"), ["H26"], "Hà Nội went on unchanged");
    // Every district and commune hangs on a province of its day.
    let provinces = |day: &str, level: &str| {
        rows(&format!(
            "WITH above AS (SELECT * FROM ref.organisation_parent WHERE {on}) \
             SELECT province.level, count(*) FROM ref.organisation AS o JOIN above ON above.org_id = o.org_id \
             JOIN ref.organisation AS body ON body.org_id = above.parent_id \
             LEFT JOIN above AS higher ON body.level = 'district' AND higher.org_id = body.org_id \
             JOIN ref.organisation AS province ON province.org_id = coalesce(higher.parent_id, body.org_id) \
             WHERE o.level = '{level}' GROUP BY province.level",
            on = on(day)
        ))
    };
    assert_eq!(provinces("2025-06-30", "commune"), ["province | 10035"]);
    assert_eq!(provinces("2025-06-30", "district"), ["province | 696"]);
    assert_eq!(provinces("2026-09-26", "commune"), ["province | 3321"]);
}

#[test]
fn links_tell_who_became_what() {
    // Published counts of the reorganisation, see the README of the data.
    let links = "SELECT old_org_id[1], kind, count(*), count(share) FROM ref.organisation_link \
        GROUP BY ALL ORDER BY ALL";
    let expected = [
        "C | absorbed | 3896 | 3896",
        "C | merged | 5536 | 5536",
        "C | renamed | 5 | 5",
        "C | split | 1033 | 0",
        "D | renamed | 5 | 5",
        "G | absorbed | 2 | 2",
        "G | merged | 6 | 6",
        "G | part | 8 | 0",
        "H | absorbed | 29 | 29",
        "H | merged | 23 | 23",
    ];
    assert_eq!(rows(links), expected);
    assert_eq!(3896 + 5536 + 5, 9442 - 5, "all whole communes but the five island districts");
    let split = "SELECT count(DISTINCT old_org_id), count(DISTINCT new_org_id) FROM ref.organisation_link WHERE kind = 'split'";
    assert_eq!(rows(split), ["471 | 441"]);
    let exact = "SELECT count(*) FROM ref.organisation AS o WHERE o.level = 'commune' AND o.valid_to IS NULL \
        AND o.org_id NOT IN (SELECT new_org_id FROM ref.organisation_link WHERE share IS NULL)";
    assert_eq!(rows(exact), ["2880"]);
    let across = "SELECT count(*) FROM ref.organisation_link AS l \
        JOIN ref.organisation AS old ON old.org_id = l.old_org_id JOIN ref.organisation AS new ON new.org_id = l.new_org_id \
        JOIN ref.organisation AS district ON district.org_id = old.parent_id \
        LEFT JOIN ref.organisation_link AS province ON province.old_org_id = district.parent_id \
        WHERE l.kind = 'split' AND coalesce(province.new_org_id, district.parent_id) <> new.parent_id";
    assert_eq!(rows(across), ["0"]);
    let districts = "SELECT count(*) FROM (SELECT l.new_org_id FROM ref.organisation_link AS l \
        JOIN ref.organisation AS old ON old.org_id = l.old_org_id GROUP BY l.new_org_id \
        HAVING count(DISTINCT CASE old.level WHEN 'district' THEN old.org_id ELSE old.parent_id END) > 1)";
    assert_eq!(rows(districts), ["317"]);

    let of = |new: &str| {
        rows(&format!(
            "SELECT old_org_id, kind, share, effective_on FROM ref.organisation_link WHERE new_org_id = '{new}' ORDER BY 1"
        ))
    };
    assert_eq!(
        of("H44"),
        [
            "H28@2025-06-30 | absorbed | 1 | 2025-07-01",
            "H44@2025-06-30 | merged | 1 | 2025-07-01",
            "H62@2025-06-30 | absorbed | 1 | 2025-07-01",
        ]
    );
    assert_eq!(
        of("VN.ETHNIC-RELIG"),
        ["G09@2025-02-28 | part | ~ | 2025-03-01", "G21@2025-02-28 | merged | 1 | 2025-03-01"]
    );
    assert_eq!(of("C.11948"), ["D.318@2025-06-30 | renamed | 1 | 2025-07-01"]);
    assert_eq!(of("H26"), [""; 0], "unchanged");
}

#[test]
fn rules_hold_and_can_fail() {
    let rules = [
        "agency-units-agree",
        "crosswalks-fully-linked",
        "organisation-codes-have-bearer",
        "organisation-codes-unambiguous",
        "organisation-links-fit",
        "organisations-have-identity",
        "organisations-have-name",
        "organisations-have-parent",
    ];
    let broken = format!(
        "SELECT check_id, broken FROM meta.check_result WHERE check_id IN ('{}') ORDER BY check_id",
        rules.join("', '")
    );
    assert_eq!(rows(&broken), rules.map(|rule| format!("{rule} | 0")));

    let project = TestProject::copy_of(".");
    let data = |file: &str| format!("data/vietnam/{file}.csv");
    // Two names at once, and one of a body that is not there; a parent that is not there; two communes with one code; a piece without the others; a commune
    // under another name than in its list.
    project.edit(&data("organisation_names"), "city,2025-01-01", "city,2024-12-01");
    project.edit(
        &data("organisation_names"),
        "evidence,note\n",
        "evidence,note\nH94,Tỉnh,X,city,,,memory,X\n",
    );
    project.edit(&data("communes_legacy"), "Phường Phúc Xá,ward,001", "Phường Phúc Xá,ward,000");
    project.edit(&data("communes_2025"), "65023,two_sources,", "65023,differs,00008");
    project.edit(&data("commune_crosswalk"), "14845,384,38,14845,38,whole", "14845,384,38,14845,38,split");
    project.edit(&data("commune_crosswalk"), ",318,31,11948,31,whole", ",318,31,11948,31,unchanged");
    project.edit(&data("agency_units"), "Phường Việt Trì", "Phường Việt Tri");
    project.chiso(&["run"]).ends(1);
    let found = project.rows(&broken);
    let expected = [
        "agency-units-agree | 2",
        "crosswalks-fully-linked | 1",
        "organisation-codes-have-bearer | 0",
        "organisation-codes-unambiguous | 1",
        "organisation-links-fit | 1",
        "organisations-have-identity | 0",
        "organisations-have-name | 2",
        "organisations-have-parent | 1",
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_list_of_organisations_counts_those_without_data() {
    for (lang, texts) in [
        ("vi", ["Chưa có số liệu: 3.173.", "Đã kết thúc, không có số liệu: 9.908.", "Phường Việt Trì"]),
        ("en", ["Without data: 3,173.", "Ended, without data: 9,908.", "Việt Trì ward"]),
    ] {
        let page = PROJECT.0.read(&format!("build/site/{lang}/organisations.html"));
        assert!(page.len() < 100_000, "{} bytes", page.len());
        for text in texts {
            assert!(page.contains(text), "{lang}: no {text}");
        }
    }
    assert!(PROJECT.0.path("build/site/vi/organisation/C.07900.html").exists());
}

#[test]
fn a_body_is_found_by_its_name_without_accents() {
    let project = TestProject::small();
    project.write("data/agencies.csv", "code,name\nA,Thành phố Đà Nẵng\nB,Huế\nC,Đã Nang\n");
    project.chiso(&["run", "--period", "2026"]).ends(0);
    let explained = |name: &str, status: i32| {
        project.chiso(&["explain", "online-share", "--org", name, "--period", "2026"]).ends(status)
    };
    for name in ["thanh pho da nang", "Thành phố", "THANH PHO"] {
        assert!(explained(name, 0).stdout.contains("Thành phố Đà Nẵng (A)"), "{name}");
    }
    assert!(explained("hue", 0).stdout.contains("Huế (B)"));
    // Accents that were typed count: they are what tells two bodies apart.
    assert!(explained("đà nẵng", 0).stdout.contains("Thành phố Đà Nẵng (A)"));
    assert!(explained("nang", 1).stderr.contains("for `C`"), "{}", explained("nang", 1).stderr);
}
