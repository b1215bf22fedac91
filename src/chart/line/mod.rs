//! Values over time: one series in front, others behind, targets ahead, breaks where numbers stop being comparable.

mod curve;
mod draw;
mod fan;
mod sheet;

use crate::chart::canvas::{Frame, Kind};
use crate::chart::line::sheet::Sheet;
use crate::chart::{Number, Svg, Width};

/// A chart of series over time.
#[derive(Clone, Debug, Default)]
pub struct LineChart {
    /// Name of the chart.
    pub title: String,
    /// What the chart shows, in one sentence.
    pub finding: String,
    /// Width of the chart.
    pub width: Width,
    /// The series; if one or more are emphasised, the others are grey.
    pub series: Vec<Series>,
    /// Targets, reached over a dashed way from the last value of the first emphasised series.
    pub targets: Vec<Target>,
    /// Where the values had to lie at each time to be on the path to the targets; with it no way leads to them.
    pub path: Option<Path>,
    /// What may come after the last value of the series in front; with it no way leads to the targets.
    pub fan: Option<Fan>,
    /// Breaks, across which no line is drawn.
    pub breaks: Vec<Break>,
    /// Ticks of the time axis as (decimal year, label); empty: whole years.
    pub x_ticks: Vec<(f64, String)>,
    /// Lower is better: small values are on top, as ranks are.
    pub reversed: bool,
    /// The axis of values includes zero, or rank 1 if reversed.
    pub from_zero: bool,
    /// Unit of the values, written over their axis.
    pub unit: Option<String>,
}

/// Values of one thing over time.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Name, written at the end of the line.
    pub name: String,
    /// Points in any order.
    pub points: Vec<Point>,
    /// In front of the others.
    pub emphasised: bool,
}

/// A value at a time.
#[derive(Clone, Debug, Default)]
pub struct Point {
    /// Decimal year.
    pub x: f64,
    /// The value; none breaks the line.
    pub y: Option<f64>,
    /// The time in words, for the hover text ("2022: 86"); empty: the year.
    pub label: String,
    /// What the value is made of, in the hover text after it; empty: nothing more is said.
    pub made_of: String,
}

/// The path to a target, from where it is counted to where it ends.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// What is written beside it.
    pub label: String,
    /// Its corners as (decimal year, value).
    pub corners: Vec<(f64, f64)>,
}

/// Values to come with their bands, as an area around a dashed line.
#[derive(Clone, Debug, Default)]
pub struct Fan {
    /// What it is and what its band holds, read out as the name of the area.
    pub name: String,
    /// The times to come, in any order; the fan opens at the last value of the series in front.
    pub points: Vec<FanPoint>,
}

/// A value to come.
#[derive(Clone, Debug, Default)]
pub struct FanPoint {
    /// Decimal year.
    pub x: f64,
    /// The two ends of the band.
    pub ends: (f64, f64),
    /// The value in it.
    pub middle: f64,
    /// The time in words, for the hover text; empty: the year.
    pub label: String,
}

/// A value to be reached at a time.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// Decimal year.
    pub x: f64,
    /// The value to be reached.
    pub y: f64,
    /// What is written beside the mark.
    pub label: String,
}

/// A time after which values no longer compare with those before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Break {
    /// Decimal year; lies between two points.
    pub x: f64,
    /// Why, in a few words.
    pub label: String,
}

impl LineChart {
    /// Draws the chart; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let sheet = Sheet::new(self, number);
        let frame = Frame {
            class: "chart-line",
            id,
            title: &self.title,
            finding: &self.finding,
            width: sheet.width,
            height: sheet.height,
            kind: Kind::Document,
        };
        frame.render(|canvas| sheet.draw(canvas))
    }
}

#[cfg(test)]
mod tests {
    use super::{Break, Fan, FanPoint, LineChart, Path, Point, Series, Target};
    use crate::chart::Width;
    use crate::chart::testing::{check, check_layout, count, english, hostile};

    fn series(name: &str, points: &[(f64, f64)]) -> Series {
        let point = |&(x, y): &(f64, f64)| Point { x, y: Some(y), ..Point::default() };
        Series { name: name.into(), points: points.iter().map(point).collect(), emphasised: false }
    }

    fn ranks() -> LineChart {
        LineChart {
            title: "Rank".into(),
            series: vec![series("EGDI", &[(2018.0, 88.0), (2020.0, 86.0), (2022.0, 86.0), (2024.0, 71.0)])],
            targets: vec![Target { x: 2030.0, y: 50.0, label: "50".into() }],
            reversed: true,
            ..Default::default()
        }
    }

    fn fan(points: &[(f64, f64)]) -> Fan {
        let point =
            |&(x, y): &(f64, f64)| FanPoint { x, ends: (y - 9.0, y + 9.0), middle: y, label: String::new() };
        Fan { name: hostile(), points: points.iter().map(point).collect() }
    }

    #[test]
    fn no_way_leads_to_two_values_at_one_time() {
        let target = |x: f64, y: f64| Target { x, y, label: y.to_string() };
        let way = |targets: Vec<Target>| {
            let chart = LineChart { targets, ..ranks() };
            super::sheet::Sheet::new(&chart, &english).way()
        };
        let one_law = way(vec![target(2025.0, 70.0), target(2030.0, 50.0)]);
        assert_eq!(one_law, [(2024.0, 71.0), (2025.0, 70.0), (2030.0, 50.0)]);
        let two_laws =
            [(2025.0, 70.0), (2025.0, 50.0), (2030.0, 50.0), (2030.0, 30.0)].map(|(x, y)| target(x, y));
        assert!(way(two_laws.to_vec()).is_empty());
    }

    #[test]
    fn a_fan_opens_at_the_last_value_and_says_its_bands() {
        let fan = Fan { name: "Four in five".into(), ..fan(&[(2028.0, 70.0), (2026.0, 71.0)]) };
        let chart = LineChart { fan: Some(fan), ..ranks() };
        let sheet = super::sheet::Sheet::new(&chart, &english);
        let area = sheet.fan.as_ref().expect("a fan").area();
        // From the last value along one end in order of time, and back along the other.
        let expected =
            [(2024.0, 71.0), (2026.0, 62.0), (2028.0, 61.0), (2028.0, 79.0), (2026.0, 80.0), (2024.0, 71.0)];
        assert_eq!(area, expected);
        assert!(sheet.way().is_empty());
        let svg = check(&chart.render("a", &english));
        assert!(svg.contains("<title>2026: 71 (62–80)</title>"), "{svg}");
        assert!(svg.contains("aria-label=\"Four in five\"") && svg.contains("fill-opacity"), "{svg}");
        assert!(svg.contains("font-weight=\"600\">70</text>"), "{svg}");
        assert!(svg.contains(">61</text>") && svg.contains(">79</text>"), "{svg}");
    }

    #[test]
    fn a_path_runs_through_its_corners_and_takes_the_place_of_the_way() {
        let path = Path {
            label: "lộ trình".into(),
            corners: vec![(2018.0, 88.0), (2025.0, 70.0), (2030.0, 50.0)],
        };
        let chart = LineChart { path: Some(path), ..ranks() };
        let sheet = super::sheet::Sheet::new(&chart, &english);
        assert!(sheet.way().is_empty());
        let at = |x, y| sheet.plot.at(x, y);
        // A third of the way from 2018 to 2024 in time is a third in pixels: the axis is even.
        assert!((at(2020.0, 0.0).0 - (at(2018.0, 0.0).0 * 2.0 + at(2024.0, 0.0).0) / 3.0).abs() < 1e-9);
        let svg = check_layout(&chart.render("a", &english));
        let line = svg.split("class=\"path\"").nth(1).and_then(|rest| rest.split("points=\"").nth(1));
        let points = line.and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let drawn: Vec<f64> = points.split([' ', ',']).filter_map(|n| n.parse().ok()).collect();
        let expected: Vec<f64> =
            [at(2018.0, 88.0), at(2025.0, 70.0), at(2030.0, 50.0)].iter().flat_map(|p| [p.0, p.1]).collect();
        assert_eq!(drawn.len(), 6, "{points}");
        assert!(drawn.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 0.3), "{drawn:?} {expected:?}");
        assert!(svg.contains(">lộ trình</text>"), "{svg}");
    }

    #[test]
    fn texts_of_hard_but_real_charts_do_not_meet() {
        let name = "Thành phố Hồ Chí Minh (trước khi hợp nhất)";
        let values: Vec<(f64, f64)> =
            (0..12).map(|n| (2003.0 + f64::from(n) * 2.0, 120.0 - f64::from(n * 5 % 60))).collect();
        for width in [Width::PAGE, Width::PHONE] {
            for n in [1, 2, 12] {
                for reversed in [true, false] {
                    let chart = LineChart {
                        width,
                        reversed,
                        series: vec![series(name, &values[..n])],
                        targets: vec![
                            Target { x: 2025.0, y: 70.0, label: "hạng 70 trở lên · QĐ 749".into() },
                            Target { x: 2030.0, y: 50.0, label: "hạng 50 trở lên · QĐ 749".into() },
                        ],
                        breaks: vec![Break { x: 2004.0, label: "Công thức khác từ 05/2026".into() }],
                        unit: Some("hạng".into()),
                        from_zero: true,
                        ..Default::default()
                    };
                    check_layout(&chart.render("a", &english));
                }
            }
        }
    }

    #[test]
    fn every_point_says_its_year_and_value() {
        let svg = check(&ranks().render("a", &english));
        assert!(svg.contains("<title>2022: 86</title>"), "{svg}");
    }

    #[test]
    fn a_small_rank_is_higher_up() {
        let sheet_y = |reversed| {
            let chart = LineChart { reversed, ..ranks() };
            let sheet = super::sheet::Sheet::new(&chart, &english);
            (sheet.plot.py(50.0), sheet.plot.py(88.0))
        };
        assert!(sheet_y(true).0 < sheet_y(true).1);
        assert!(sheet_y(false).0 > sheet_y(false).1);
    }

    #[test]
    fn no_line_crosses_a_break_or_a_missing_value() {
        let points =
            [(1.0, 1.0), (2.0, 2.0), (3.0, f64::NAN), (4.0, 2.0), (5.0, 1.0), (6.0, 4.0), (7.0, 4.0)];
        let curves = [series("a", &points)];
        let curves = super::curve::curves(&curves);
        let runs: Vec<usize> = curves[0].runs(&[(5.5, "")]).iter().map(Vec::len).collect();
        assert_eq!(runs, [2, 2, 2]);
    }

    #[test]
    fn no_way_to_a_target_crosses_a_break() {
        let way = |breaks: &[f64]| {
            let breaks = breaks.iter().map(|x| Break { x: *x, label: String::new() }).collect();
            super::sheet::Sheet::new(&LineChart { breaks, ..ranks() }, &english).way()
        };
        assert_eq!(way(&[2019.0]), [(2024.0, 71.0), (2030.0, 50.0)]);
        assert_eq!(way(&[2025.0]), [(2024.0, 71.0)]);
    }

    #[test]
    fn one_series_in_front_turns_the_others_grey() {
        let mut chart = ranks();
        chart.series.push(Series { emphasised: true, ..series("ASEAN", &[(2020.0, 60.0), (2024.0, 58.0)]) });
        let svg = check(&chart.render("a", &english));
        assert!(svg.contains("l-other") && svg.contains("l-s1") && !svg.contains("l-s2"));
    }

    #[test]
    fn names_that_take_too_much_room_go_to_a_legend() {
        let long = "Nhóm nước có thu nhập trung bình thấp ở khu vực Đông Nam Á";
        let chart = LineChart {
            width: Width::PHONE,
            series: vec![
                series(long, &[(2020.0, 3.0), (2024.0, 4.0)]),
                series("Việt Nam", &[(2020.0, 1.0), (2024.0, 2.0)]),
            ],
            ..Default::default()
        };
        let svg = check(&chart.render("a", &english));
        assert_eq!(count(&svg, ">Việt Nam<"), 2, "in the legend and as the group's name");
    }

    #[test]
    fn any_input_gives_a_chart() {
        let all: Vec<Vec<(f64, f64)>> = vec![
            vec![],
            vec![(2020.0, f64::NAN)],
            vec![(f64::NAN, 1.0), (f64::INFINITY, 2.0)],
            vec![(2020.0, 5.0)],
            vec![(2020.0, 5.0), (2021.0, 5.0)],
            vec![(2020.0, -5.0), (2020.0, 5.0), (2019.0, f64::NEG_INFINITY)],
            vec![(2020.0, 1e14), (2020.0000001, -1e14)],
        ];
        for points in &all {
            for width in [Width(0), Width::PHONE, Width(u32::MAX)] {
                for from_zero in [true, false] {
                    let chart = LineChart {
                        title: hostile(),
                        finding: hostile(),
                        width,
                        series: vec![series(&hostile(), points), series("", &[]), series("b", points)],
                        targets: points.iter().map(|&(x, y)| Target { x, y, label: hostile() }).collect(),
                        breaks: points.iter().map(|p| Break { x: p.0, label: hostile() }).collect(),
                        fan: from_zero.then(|| fan(points)),
                        path: Some(Path { label: hostile(), corners: points.clone() }),
                        x_ticks: points.iter().map(|p| (p.0, hostile())).collect(),
                        reversed: from_zero,
                        from_zero,
                        unit: Some(hostile()),
                    };
                    check(&chart.render("a", &english));
                }
            }
        }
        check(&LineChart::default().render("a", &english));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        assert_eq!(ranks().render("a", &english), ranks().render("a", &english));
    }
}
