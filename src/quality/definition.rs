//! Reads `quality.yml`: what is expected of senders, and how what they sent is judged.

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::{OrgId, TableName};
use crate::model::period::{Calendar, PeriodKind};
use crate::model::quality::{DeliveryRule, Due, MarkRule, OutlierRule, QualityRules};
use crate::model::text::Text;
use crate::project::{Placed, Project, range_of, yaml};

/// The file; a project without it asks nothing of anybody.
pub const QUALITY: &str = "quality.yml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QualityFile {
    utc_offset: Option<Placed<String>>,
    #[serde(default)]
    deliveries: Vec<DeliveryFile>,
    #[serde(default)]
    outliers: OutlierRule,
    #[serde(default)]
    marks: MarkRule,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeliveryFile {
    id: Placed<String>,
    title: Text,
    table: TableName,
    sender: String,
    of: String,
    each: Placed<PeriodKind>,
    #[serde(default = "civil")]
    calendar: Calendar,
    levels: Vec<String>,
    #[serde(default)]
    except: Vec<OrgId>,
    due: Option<Due>,
    since: Option<Placed<String>>,
    basis: Option<Text>,
}

fn civil() -> Calendar {
    Calendar::Civil
}

/// The rules of the project; none where it has no such file.
pub fn read_quality(project: &Project) -> Result<Option<QualityRules>, Problems> {
    if !project.has(QUALITY) {
        return Ok(None);
    }
    let source = project.read(QUALITY)?;
    let file: QualityFile = yaml(&source)?;
    let mut problems = Problems::default();
    let utc_offset = match &file.utc_offset {
        Some(text) => problems.keep(offset(&source, text)).unwrap_or(0),
        None => 0,
    };
    problems.0.extend(wrong_numbers(&file));
    let mut deliveries: Vec<DeliveryRule> = vec![];
    for entry in file.deliveries {
        if deliveries.iter().any(|other| other.id == entry.id.value) {
            let place = source.place(range_of(&source, &entry.id), "the name is taken");
            problems
                .push(Diagnostic::error(format!("two deliveries are called `{}`", entry.id.value)).at(place));
        }
        deliveries.extend(problems.keep(delivery(&source, entry)));
    }
    problems.or(Some(QualityRules { utc_offset, deliveries, outliers: file.outliers, marks: file.marks }))
}

fn delivery(source: &Source, entry: DeliveryFile) -> Result<DeliveryRule, Diagnostic> {
    if matches!(entry.each.value, PeriodKind::Any | PeriodKind::YearToDate) {
        let place = source
            .place(range_of(source, &entry.each), "`month`, `quarter`, `half`, `nine-months` or `year`");
        return Err(Diagnostic::error("a delivery is made for one period after the other").at(place));
    }
    let since = match &entry.since {
        Some(text) => Some(text.value.parse().map_err(|_| {
            let place = source.place(range_of(source, text), "a day such as 2026-01-01");
            Diagnostic::error(format!("`{}` is not a day", text.value)).at(place)
        })?),
        None => None,
    };
    Ok(DeliveryRule {
        id: entry.id.value,
        title: entry.title,
        table: entry.table,
        sender: entry.sender,
        of: entry.of,
        each: entry.each.value,
        calendar: entry.calendar,
        levels: entry.levels,
        except: entry.except,
        due: entry.due,
        since,
        basis: entry.basis,
    })
}

/// `+07:00` in minutes.
fn offset(source: &Source, text: &Placed<String>) -> Result<i32, Diagnostic> {
    let read = || {
        let (sign, rest) = match text.value.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (60 * hours + minutes))
    };
    read().ok_or_else(|| {
        let place =
            source.place(range_of(source, text), "hours and minutes ahead of UTC, such as \"+07:00\"");
        Diagnostic::error(format!("`{}` is not an offset", text.value)).at(place)
    })
}

/// Numbers that would judge nothing, or everything.
fn wrong_numbers(file: &QualityFile) -> Vec<Diagnostic> {
    let (outliers, marks) = (&file.outliers, &file.marks);
    let is_share = |share: f64| (0.0..=1.0).contains(&share);
    let wrong = [
        (outliers.limit.is_finite() && outliers.limit > 0.0, "`limit` of `outliers` is more than 0"),
        (
            outliers.zero_from.is_finite() && outliers.zero_from > 0.0,
            "`zero_from` of `outliers` is more than 0",
        ),
        (outliers.points >= 3, "`points` of `outliers` is at least 3: two numbers have no spread"),
        (outliers.history >= outliers.points, "`history` of `outliers` is at least `points`"),
        (outliers.history <= 1000, "`history` of `outliers` is at most 1000"),
        (outliers.peers >= 3, "`peers` of `outliers` is at least 3: two numbers have no spread"),
        (
            is_share(marks.complete_c) && is_share(marks.rejected_b) && is_share(marks.rejected_c),
            "the numbers of `marks` are shares from 0 to 1",
        ),
        (marks.rejected_b <= marks.rejected_c, "`rejected_b` of `marks` is at most `rejected_c`"),
    ];
    let problem = |(_, rule): (bool, &str)| Diagnostic::error(rule).in_file(QUALITY);
    wrong.into_iter().filter(|(holds, _)| !holds).map(problem).collect()
}
