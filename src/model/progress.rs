//! How a target is being pursued: one status with all that it was judged by.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;

use super::id::{IndicatorId, OrgId, TargetId};
use super::period::Period;

/// Fewer values than this make no trend.
pub const TREND_FROM: usize = 4;
/// The share of the way asked for by now from which a target is on its path.
pub const WAY_ON_PATH: f64 = 0.95;
/// The share below which the delay is serious.
pub const WAY_SLIGHT: f64 = 0.60;
/// How many times the pace seen may be needed on the path.
pub const TIMES_ON_PATH: f64 = 1.10;
/// How many times it is needed at most where the delay is slight.
pub const TIMES_SLIGHT: f64 = 2.0;

/// A value and when it was reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The period; it stands at its last day.
    pub period: Period,
    /// The unrounded value.
    pub value: f64,
}

impl Point {
    /// The end of its period as a decimal year.
    pub fn at(&self) -> f64 {
        self.period.decimal_end()
    }
}

/// A value that a document sets on the way to a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    /// The day for reaching it.
    pub due_on: NaiveDate,
    /// The value to reach.
    pub value: f64,
}

/// How a target stands, from nothing known to the worst: of several values that answer it the last one here counts, of those
/// of the due day where there are any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// No value speaks of a time up to the due day.
    NoData,
    /// The question does not arise, or its level or body ended before the due day.
    NotApplicable,
    /// The value that decides meets it.
    Achieved,
    /// Its day is over, and no value for it is known that would decide.
    Awaited,
    /// It will be met at about the present pace.
    OnPath,
    /// Too few values for a trend.
    TooEarly,
    /// There are values enough, but a break leaves too few that can be compared.
    BrokenSeries,
    /// Up to twice the present pace is needed.
    SlightDelay,
    /// More than twice the present pace is needed, or most of the way that should be done is not.
    SeriousDelay,
    /// The values go the wrong way.
    MovingAway,
    /// Its day is over and the value for it does not meet it.
    Missed,
}

impl Status {
    /// Every status with its word in tables and exports.
    pub const ALL: [(Status, &'static str); 11] = [
        (Status::NoData, "no-data"),
        (Status::NotApplicable, "not-applicable"),
        (Status::Achieved, "achieved"),
        (Status::Awaited, "awaited"),
        (Status::OnPath, "on-path"),
        (Status::TooEarly, "too-early"),
        (Status::BrokenSeries, "broken-series"),
        (Status::SlightDelay, "slight-delay"),
        (Status::SeriousDelay, "serious-delay"),
        (Status::MovingAway, "moving-away"),
        (Status::Missed, "missed"),
    ];
}

/// What the values are measured on, for a pace that is even on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Equal steps: percentages, points, indices, ranks.
    Linear,
    /// Equal ratios: counts and durations above zero.
    Log,
    /// Reached or not.
    YesNo,
    /// Log-odds, for the forecast of what has an upper limit.
    Logit,
}

impl Scale {
    /// Every scale with its word in tables and exports.
    pub const ALL: [(Scale, &'static str); 4] =
        [(Scale::Linear, "linear"), (Scale::Log, "log"), (Scale::YesNo, "yes-no"), (Scale::Logit, "logit")];
}

/// A published way of judging progress, or one of the projections beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Ratio of compound growth seen to needed: Open SDG 2.4, Statistics Canada.
    OpenSdg,
    /// The same ratio as a score from -5 to 5.
    Eurostat,
    /// Compound growth carried on to the due day: UN Statistics Division, progress chart.
    UnChart,
    /// Way done, from 0 to 10: ESCAP, current status index.
    EscapCurrent,
    /// What a time-weighted regression leaves undone: ESCAP, anticipated progress index.
    EscapAnticipated,
    /// The present pace carried on in equal steps.
    Linear,
    /// The present pace carried on in equal steps of log-odds.
    Logit,
}

impl Method {
    /// Every method with its word in tables and exports.
    pub const ALL: [(Method, &'static str); 7] = [
        (Method::OpenSdg, "open-sdg"),
        (Method::Eurostat, "eurostat"),
        (Method::UnChart, "un-chart"),
        (Method::EscapCurrent, "escap-current"),
        (Method::EscapAnticipated, "escap-anticipated"),
        (Method::Linear, "linear"),
        (Method::Logit, "logit"),
    ];

    /// Whether it counts in the agreement: Eurostat's score is Open SDG's ratio once more.
    pub fn is_counted(self) -> bool {
        self != Method::Eurostat
    }
}

/// What the classes of all methods have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The target will be met, or nearly.
    OnTrack,
    /// The way is right and the pace is not.
    TooSlow,
    /// The way is wrong.
    Away,
}

impl Verdict {
    /// Every verdict with its word in tables and exports.
    pub const ALL: [(Verdict, &'static str); 3] =
        [(Verdict::OnTrack, "on-track"), (Verdict::TooSlow, "too-slow"), (Verdict::Away, "away")];

    /// The one that a status amounts to; none where a status judges no pace, as of what is met or over.
    pub fn of(status: Status) -> Option<Verdict> {
        match status {
            Status::OnPath => Some(Verdict::OnTrack),
            Status::SlightDelay | Status::SeriousDelay => Some(Verdict::TooSlow),
            Status::MovingAway => Some(Verdict::Away),
            Status::Achieved | Status::Missed => None,
            Status::NoData
            | Status::NotApplicable
            | Status::Awaited
            | Status::TooEarly
            | Status::BrokenSeries => None,
        }
    }
}

macro_rules! word {
    ($kind:ty, $what:literal) => {
        impl $kind {
            /// The word in tables and exports.
            pub fn word(self) -> &'static str {
                Self::ALL.into_iter().find(|(known, _)| *known == self).map_or("", |(_, word)| word)
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $kind {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let found = Self::ALL.into_iter().find(|(_, word)| *word == text);
                found.map(|(known, _)| known).ok_or_else(|| format!(concat!("no ", $what, " `{}`"), text))
            }
        }
    };
}

word!(Status, "status");
word!(Scale, "scale");
word!(Method, "method");
word!(Verdict, "verdict");

/// What a method gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MethodValue {
    /// Which one.
    pub method: Method,
    /// Its number, as published: a ratio, a score, an index or a gap.
    pub value: f64,
    /// The value that it expects on the due day, where it expects one.
    pub projected: Option<f64>,
    /// Its class.
    pub verdict: Verdict,
}

/// The pace of a series and the pace that is needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Where the path begins: the last value when the target was made, else the first there is.
    pub baseline: Point,
    /// Where the pace is measured from: the baseline where values came after it, else the first value there is.
    pub start: Point,
    /// Where the path stands at the end of the period that decides.
    pub path: f64,
    /// The way done, of the way that the path asks for by then; none where it asks for none yet.
    pub way_done: Option<f64>,
    /// Change a year since the start, on the scale; towards the good side or not.
    pub seen: f64,
    /// Change a year that is needed from now on; none where nothing is needed or no time is left.
    pub needed: Option<f64>,
    /// Needed over seen; none where nothing is needed, or the values stand still or go away.
    pub times: Option<f64>,
    /// When the target is reached at the pace seen; none where never, or not within a hundred years.
    pub arrives_on: Option<NaiveDate>,
}

impl Pace {
    /// The status by the way done alone; on path where the path asks for none yet.
    pub fn by_way(&self) -> Status {
        match self.way_done {
            Some(way) if way < WAY_SLIGHT => Status::SeriousDelay,
            Some(way) if way < WAY_ON_PATH => Status::SlightDelay,
            _ => Status::OnPath,
        }
    }

    /// Without what lies ahead of it, for a day that is over.
    pub fn looking_back(self) -> Self {
        Pace { needed: None, times: None, arrives_on: None, ..self }
    }

    /// The status by the pace that is needed alone; what stands still is a serious delay.
    pub fn by_times(&self) -> Status {
        match self.times {
            Some(times) if times <= TIMES_ON_PATH => Status::OnPath,
            Some(times) if times <= TIMES_SLIGHT => Status::SlightDelay,
            _ => Status::SeriousDelay,
        }
    }
}

/// What is missing in things that can be counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extra {
    /// How many more (or fewer, where less is better) in a period like the last, rounded up to whole ones.
    pub units: f64,
    /// How many more each period than in the one before, until the due day; none where no period is left.
    pub per_period: Option<f64>,
}

/// What a regression expects on the due day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// Of reaching the target by the due day.
    pub probability: f64,
    /// The expected value.
    pub expected: f64,
    /// The lower end of the 90 % interval of the value.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// What the regression was made on.
    pub scale: Scale,
}

/// A body that holds a part of the gap of a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    /// Which body; none for what the bodies together do not explain.
    pub org: Option<OrgId>,
    /// What was counted.
    pub numerator: f64,
    /// Out of how many.
    pub denominator: f64,
    /// Its part of target less value, in the unit of the indicator: the value and all parts make the target.
    pub gap: f64,
    /// What of that part it would hold were all bodies of one size.
    pub by_rate: f64,
    /// What its size adds or takes.
    pub by_size: f64,
    /// How many more (or fewer) it needs itself; zero where it is beyond the target.
    pub units: f64,
}

/// A row of `out.target_progress`: a target read on one body by one indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetProgress {
    /// Which target.
    pub target: TargetId,
    /// Whose; none where no body stands for the level.
    pub org: Option<OrgId>,
    /// By which indicator; none where none answers it.
    pub indicator: Option<IndicatorId>,
    /// How it stands.
    pub status: Status,
    /// Whether this row is the status of the target on the body: the worst of those that answer it.
    pub decides: bool,
    /// Whether the due day lies before the end of the period that was computed.
    pub due_is_over: bool,
    /// The value that decides.
    pub deciding: Option<Point>,
    /// What the pace is measured on.
    pub scale: Scale,
    /// Values of the length of time of the one that decides, up to it.
    pub values: u32,
    /// Those of them that can be compared with it.
    pub points: u32,
    /// Those of the points that were restated to the map of a day.
    pub restated: u32,
    /// From two points on.
    pub pace: Option<Pace>,
    /// Where there are counts and the target is not met.
    pub extra: Option<Extra>,
    /// From four points on, while the due day lies ahead of them.
    pub chance: Option<Chance>,
    /// From two points on.
    pub methods: Vec<MethodValue>,
    /// Where a whole is not there yet and its bodies are known by their counts; the greatest part first.
    pub holders: Vec<Holder>,
}

impl TargetProgress {
    /// How many of the methods that are counted come to the same as the status, of how many; none where it judges no pace.
    pub fn agreement(&self) -> Option<(usize, usize)> {
        let own = Verdict::of(self.status)?;
        let counted = || self.methods.iter().filter(|value| value.method.is_counted());
        let agree = counted().filter(|value| value.verdict == own).count();
        (counted().count() > 0).then_some((agree, counted().count()))
    }

    /// What reaching the target in the three bodies that hold most of the gap would give, with their names.
    pub fn three_reached(&self) -> Option<(f64, Vec<&OrgId>)> {
        let value = self.deciding?.value;
        let behind = |holder: &&Holder| holder.org.is_some() && holder.units > 0.0;
        let three: Vec<&Holder> = self.holders.iter().filter(behind).take(3).collect();
        let names = three.iter().filter_map(|holder| holder.org.as_ref()).collect();
        let closed: f64 = three.iter().map(|holder| holder.gap).sum();
        // Sums of parts leave a trace of binary arithmetic, which would be printed as 69.999999.
        let reached = ((value + closed) * 1e9).round() / 1e9;
        (!three.is_empty()).then_some((reached, names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for (status, word) in Status::ALL {
            assert_eq!((word.parse(), status.to_string()), (Ok(status), word.to_owned()));
        }
        for (method, word) in Method::ALL {
            assert_eq!((word.parse(), method.to_string()), (Ok(method), word.to_owned()));
        }
        assert!("fine".parse::<Status>().is_err());
    }
}
