//! A chart with its title, its finding and its source around it, to stand outside of a page: in a letter, on a slide.
//!
//! Takes the chart that a page shows and texts; gives an SVG that needs no style and no font but the one that is shipped.

use crate::chart::svg::escaped;
use crate::chart::text::{Weight, wrapped};
use crate::chart::{Svg, palette};

/// What stands around a chart.
#[derive(Clone, Debug, Default)]
pub struct Standalone {
    /// What is shown.
    pub title: String,
    /// What it says.
    pub finding: String,
    /// Where the numbers come from and of when they are.
    pub source: String,
}

/// In pixels: the margin around everything, and sizes of the three texts.
const MARGIN: f64 = 20.0;
const TITLE: f64 = 19.0;
const FINDING: f64 = 14.0;
const SOURCE: f64 = 11.0;

impl Standalone {
    /// The chart in its surroundings; `id` is the prefix of ids, other than that of the chart.
    pub fn around(&self, chart: &Svg, id: &str) -> Svg {
        let (w, h) = chart.size();
        let mut texts = Texts { out: String::new(), y: MARGIN, room: w };
        texts.write(&self.title, TITLE, Weight::Semibold, "ink");
        texts.write(&self.finding, FINDING, Weight::Regular, "ink");
        let top = texts.y + 8.0;
        texts.y = top + h + 8.0;
        texts.write(&self.source, SOURCE, Weight::Regular, "muted");
        let (width, height) = (w + 2.0 * MARGIN, (texts.y + MARGIN).round());
        let id = escaped(id);
        let placed = chart.as_str().replacen(
            "<svg ",
            &format!("<svg x=\"{MARGIN}\" y=\"{top:.1}\" height=\"{h}\" "),
            1,
        );
        Svg(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
             viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             font-family=\"Inter, 'Noto Sans', 'Segoe UI', Arial, sans-serif\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{finding}</desc>\
             <rect width=\"{width}\" height=\"{height}\" class=\"f-paper\" fill=\"{paper}\"/>{texts}{placed}</svg>",
            title = escaped(&self.title),
            finding = escaped(&self.finding),
            paper = palette::hex("paper"),
            texts = texts.out,
            placed = placed.replace("width=\"100%\"", &format!("width=\"{w}\"")),
        ))
    }
}

/// Lines of text under each other.
struct Texts {
    out: String,
    y: f64,
    room: f64,
}

impl Texts {
    fn write(&mut self, text: &str, size: f64, weight: Weight, colour: &str) {
        let bold = if weight == Weight::Semibold { " font-weight=\"600\"" } else { "" };
        for line in wrapped(text, size, weight, self.room) {
            self.y += (size * 1.35).round();
            self.out += &format!(
                "<text x=\"{MARGIN}\" y=\"{:.1}\" font-size=\"{size}\" class=\"f-{colour}\" fill=\"{}\"{bold}>{}</text>",
                self.y - size * 0.35,
                palette::hex(colour),
                escaped(&line),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Standalone;
    use crate::chart::bullet::BulletChart;
    use crate::chart::testing::{check_layout, english};
    use crate::chart::text::{Weight, width, wrapped};

    #[test]
    fn long_texts_are_wrapped_and_nothing_is_lost() {
        let text = "Tỷ lệ hồ sơ trực tuyến toàn trình của các tỉnh, thành phố trực thuộc Trung ương";
        let lines = wrapped(text, 19.0, Weight::Semibold, 360.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| width(line, 19.0, Weight::Semibold) <= 360.0));
        assert_eq!(lines.join(" "), text);
        assert!(wrapped("", 19.0, Weight::Regular, 360.0).is_empty());
    }

    #[test]
    fn the_chart_stands_under_its_title_and_over_its_source() {
        let chart = BulletChart { value: Some(24.0), text: "24 %".into(), ..Default::default() };
        let around = Standalone {
            title: "Hồ sơ & dịch vụ".into(),
            finding: "24 % so với 80 %.".into(),
            source: "Nguồn: Cổng Dịch vụ công quốc gia".into(),
        };
        let svg = around.around(&chart.render("a", &english), "whole");
        let text = svg.as_str();
        roxmltree::Document::parse(text).expect("well-formed");
        assert!(
            text.contains(">Hồ sơ &amp; dịch vụ</text>") && text.contains("class=\"chart chart-bullet\"")
        );
        // The chart has 720 pixels, and 20 at each side.
        assert!(text.starts_with("<svg") && text.contains("viewBox=\"0 0 760 "), "{text}");
        // Without the chart inside the texts lie on nothing.
        let empty = around.around(&crate::chart::Svg("<svg viewBox=\"0 0 720 10\"/>".into()), "whole");
        check_layout(&empty);
    }
}
