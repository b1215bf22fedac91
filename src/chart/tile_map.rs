//! A map of tiles: one square a body, near where it lies, so that the small ones are as readable as the large ones.
//!
//! For seeing whether neighbours are alike. The layout comes from a file of the project; here a tile has a column and a row.
//! Its class is told by its colour and by a bar in it that grows with the class, its value by its text.

use plotters::style::RGBColor;
use plotters::style::text_anchor::HPos;

use crate::chart::canvas::{Canvas, Drawn, Frame, Kind, LABEL, Lettering, SMALL};
use crate::chart::layout::flow;
use crate::chart::palette::{self, CLASSES};
use crate::chart::scale::{drawable, extent, nice_ticks};
use crate::chart::svg::{escaped, grid};
use crate::chart::text::{Weight, wrapped};
use crate::chart::{Number, Svg, Width};

/// A map of tiles.
#[derive(Clone, Debug, Default)]
pub struct TileMap {
    /// Name of the map.
    pub title: String,
    /// What the map shows, in one sentence.
    pub finding: String,
    /// Width of the map; the height follows from the rows of tiles.
    pub width: Width,
    /// The tiles, in the order in which they are read.
    pub tiles: Vec<Tile>,
    /// What a tile without a value is called in the legend.
    pub missing: String,
}

/// One body.
#[derive(Clone, Debug, Default)]
pub struct Tile {
    /// Column and row, from the top left.
    pub at: (u32, u32),
    /// Its short name.
    pub name: String,
    /// A few letters, where the short name has no room.
    pub letters: String,
    /// Its whole name and its value, or why there is none, on hover.
    pub title: String,
    /// The value; none is hatched.
    pub value: Option<f64>,
    /// The value as written in the tile.
    pub text: String,
    /// Where the tile leads to.
    pub href: Option<String>,
}

/// In pixels: greatest width of a tile, its height without its name, a line of a name, the gap between two tiles, a line of
/// the legend.
const WIDEST: f64 = 84.0;
const BODY: f64 = 31.0;
const LINE: f64 = 13.0;
const GAP: f64 = 3.0;
const LEGEND: f64 = 22.0;

/// How tiles are named: all of them in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    /// By short names on one line.
    OneLine,
    /// By short names on two lines.
    TwoLines,
    /// By letters, for the names have no room.
    Letters,
}

impl TileMap {
    /// Draws the map; `id` is the prefix of ids inside and unique in its page.
    pub fn render(&self, id: &str, number: &Number<'_>) -> Svg {
        let sheet = Sheet::new(self, id, number);
        let frame = Frame {
            class: "chart-tiles",
            id,
            title: &self.title,
            finding: &self.finding,
            width: sheet.width,
            height: sheet.top + sheet.rows * (sheet.tile.1 + GAP) + 2.0,
            kind: Kind::Document,
        };
        frame.render(|canvas| sheet.draw(canvas))
    }
}

struct Sheet<'a> {
    map: &'a TileMap,
    number: &'a Number<'a>,
    width: f64,
    hatch: String,
    /// Borders of the classes, one more than there are classes.
    borders: Vec<f64>,
    legend: Vec<(f64, usize)>,
    top: f64,
    left: f64,
    rows: f64,
    tile: (f64, f64),
    naming: Naming,
}

impl<'a> Sheet<'a> {
    fn new(map: &'a TileMap, id: &str, number: &'a Number<'a>) -> Self {
        let width = map.width.px();
        // A layout of a thousand columns is a mistake; it is drawn small rather than not at all.
        let columns = map.tiles.iter().map(|tile| f64::from(tile.at.0.min(999)) + 1.0).fold(1.0, f64::max);
        let rows = map.tiles.iter().map(|tile| f64::from(tile.at.1.min(999)) + 1.0).fold(1.0, f64::max);
        let wide = ((width - 4.0) / columns - GAP).clamp(1.0, WIDEST);
        let values = map.tiles.iter().filter_map(|tile| drawable(tile.value));
        let mut sheet = Sheet {
            map,
            number,
            width,
            hatch: format!("{}-m", escaped(id)),
            borders: extent(values).map_or_else(Vec::new, borders),
            legend: Vec::new(),
            top: 0.0,
            left: (width - columns * (wide + GAP)) / 2.0,
            rows,
            tile: (wide, BODY + LINE),
            naming: naming(map, wide - 4.0),
        };
        if sheet.naming == Naming::TwoLines {
            sheet.tile.1 += LINE;
        }
        sheet.legend = sheet.legend_places();
        sheet.top = sheet.legend.last().map_or(0.0, |(_, line)| (line + 1) as f64 * LEGEND) + 6.0;
        sheet
    }

    /// Names of the classes, and of what has no value if there is such a tile.
    fn legend_texts(&self) -> Vec<String> {
        let number = |value: f64| (self.number)(value);
        let classes = self.borders.windows(2).map(|b| format!("{}–{}", number(b[0]), number(b[1])));
        let is_missing = self.map.tiles.iter().any(|tile| drawable(tile.value).is_none());
        classes.chain(is_missing.then(|| self.map.missing.clone())).collect()
    }

    fn legend_places(&self) -> Vec<(f64, usize)> {
        let text = Lettering::new(LABEL, palette::INK);
        let room = self.width - 4.0;
        let widths: Vec<f64> =
            self.legend_texts().iter().map(|name| (text.width(name) + 27.0).min(room)).collect();
        flow(&widths, 14.0, room)
    }

    /// The class of a value; the last class holds its upper border.
    fn class(&self, value: f64) -> usize {
        let above = self.borders.iter().skip(1).filter(|border| value >= **border).count();
        above.min(self.borders.len().saturating_sub(2))
    }

    /// The n-th colour of as many as there are classes, from the palest to the strongest.
    fn colour(&self, class: usize) -> (RGBColor, RGBColor) {
        let n = self.borders.len().saturating_sub(1);
        let at = if n < 2 { 2 } else { class * (CLASSES.len() - 1) / (n - 1) };
        (CLASSES[at], palette::on_class(at))
    }

    fn draw(&self, canvas: &Canvas) -> Drawn {
        canvas.doc.raw(&format!("<defs>{}</defs>", palette::missing_hatch(&self.hatch)));
        self.draw_legend(canvas)?;
        self.map.tiles.iter().try_for_each(|tile| {
            canvas.doc.titled("tile", &tile.title, || {
                canvas.doc.linked(tile.href.as_deref(), || self.draw_tile(canvas, tile))
            })
        })
    }

    fn draw_legend(&self, canvas: &Canvas) -> Drawn {
        let text = Lettering::new(LABEL, palette::INK);
        for (n, (name, (x, line))) in self.legend_texts().iter().zip(&self.legend).enumerate() {
            let (from, to) =
                ((x + 2.0, *line as f64 * LEGEND + 3.0), (x + 20.0, *line as f64 * LEGEND + 17.0));
            if n + 1 < self.borders.len() {
                self.draw_class(canvas, (from, to), n)?;
            } else {
                canvas.doc.patterned(&self.hatch, || canvas.area(from, to, palette::PAPER))?;
                outline(canvas, from, to)?;
            }
            canvas.text((x + 25.0, from.1 + 7.0), &text.fit(name, self.width - x - 27.0), &text)?;
        }
        Ok(())
    }

    /// The ground of a class with its outline, and the bar that grows with the class.
    fn draw_class(&self, canvas: &Canvas, (from, to): ((f64, f64), (f64, f64)), class: usize) -> Drawn {
        let (ground, ink) = self.colour(class);
        canvas.area(from, to, ground)?;
        outline(canvas, from, to)?;
        let n = self.borders.len().saturating_sub(1).max(1) as f64;
        let inside = to.0 - from.0 - 4.0;
        let end = from.0 + 2.0 + inside * (class as f64 + 1.0) / n;
        canvas.area((from.0 + 2.0, to.1 - 4.0), (end, to.1 - 2.0), ink)
    }

    fn name_lines(&self, tile: &Tile) -> Vec<String> {
        let lines = match self.naming {
            Naming::Letters => None,
            Naming::OneLine | Naming::TwoLines => lines_of(&tile.name, self.tile.0 - 4.0),
        };
        lines.unwrap_or_else(|| vec![tile.letters.clone()])
    }

    fn draw_tile(&self, canvas: &Canvas, tile: &Tile) -> Drawn {
        let x = self.left + f64::from(tile.at.0.min(999)) * (self.tile.0 + GAP);
        let y = self.top + f64::from(tile.at.1.min(999)) * (self.tile.1 + GAP);
        let corners = ((x, y), (x + self.tile.0, y + self.tile.1));
        let ink = match drawable(tile.value) {
            Some(value) => {
                let class = self.class(value);
                self.draw_class(canvas, corners, class)?;
                self.colour(class).1
            }
            None => {
                canvas.doc.patterned(&self.hatch, || canvas.area(corners.0, corners.1, palette::PAPER))?;
                outline(canvas, corners.0, corners.1)?;
                palette::INK
            }
        };
        let (lines, middle) = (self.name_lines(tile), x + self.tile.0 / 2.0);
        let room = self.tile.0 - 2.0;
        let name_style = Lettering { colour: ink, ..name_text() };
        let text_style = Lettering { colour: ink, weight: Weight::Semibold, ..name_text() };
        let write = || {
            // A name of one line among those of two stands in the middle of both.
            let top = (self.tile.1 - BODY - LINE * lines.len() as f64) / 2.0;
            for (n, line) in lines.iter().enumerate() {
                let at = y + top + 13.0 + n as f64 * LINE;
                canvas.text((middle, at), &name_style.fit(line, room), &name_style)?;
            }
            // A number that is cut would be another number: without room it is left to the hover text and the table.
            let is_whole = text_style.width(&tile.text) <= room;
            canvas.text((middle, y + self.tile.1 - 16.0), if is_whole { &tile.text } else { "" }, &text_style)
        };
        // Over the hatch of a missing value texts need a ground of their own.
        if tile.value.is_none() { canvas.doc.halo(write) } else { write() }
    }
}

/// One line where every name fits on one, two where every name can be broken to fit, else letters.
fn naming(map: &TileMap, room: f64) -> Naming {
    let all_fit =
        |n: usize| map.tiles.iter().all(|tile| lines_of(&tile.name, room).is_some_and(|l| l.len() <= n));
    match (all_fit(1), all_fit(2)) {
        (true, _) => Naming::OneLine,
        (_, true) => Naming::TwoLines,
        _ => Naming::Letters,
    }
}

/// A name on lines that are no wider than the room; none where a word is wider.
fn lines_of(name: &str, room: f64) -> Option<Vec<String>> {
    let text = name_text();
    let is_narrow = name.split_whitespace().all(|word| text.width(word) <= room);
    is_narrow.then(|| wrapped(name, SMALL, Weight::Regular, room))
}

fn name_text() -> Lettering {
    Lettering::new(SMALL, palette::INK).at(HPos::Center)
}

fn outline(canvas: &Canvas, from: (f64, f64), to: (f64, f64)) -> Drawn {
    canvas.frame(from, to, palette::OTHER, f64::from(grid(1.0)) / 10.0)
}

/// Borders of two to five classes of equal width between round numbers; one class where all values are equal.
fn borders((lo, hi): (f64, f64)) -> Vec<f64> {
    if lo == hi {
        return vec![lo, hi];
    }
    let tidy = |n: usize| {
        let ticks = nice_ticks((lo, hi), n);
        (ticks.len() <= CLASSES.len() + 1).then_some(ticks)
    };
    (1..=CLASSES.len()).rev().find_map(tidy).unwrap_or_else(|| vec![lo, hi])
}

#[cfg(test)]
mod tests {
    use super::{Sheet, Tile, TileMap, borders};
    use crate::chart::Width;
    use crate::chart::testing::{check, check_layout, count, english, hostile};

    /// The provinces and territories of Canada, in a layout of ours: a second country draws with the same code.
    fn canada() -> TileMap {
        let rows = [
            ["YT", "NT", "", "NU", "", "", ""],
            ["BC", "AB", "SK", "MB", "", "", "NL"],
            ["", "", "", "ON", "QC", "NB", "PE"],
            ["", "", "", "", "", "NS", ""],
        ];
        let mut tiles = vec![];
        for (y, row) in rows.iter().enumerate() {
            for (x, name) in row.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                let value = tiles.len() as f64 * 8.0;
                tiles.push(Tile {
                    at: (x as u32, y as u32),
                    name: (*name).into(),
                    letters: (*name).into(),
                    title: format!("{name}: {value}"),
                    value: Some(value),
                    text: english(value),
                    href: Some(format!("{name}.html")),
                });
            }
        }
        TileMap { tiles, missing: "no data".into(), ..Default::default() }
    }

    #[test]
    fn thirteen_provinces_stand_where_the_layout_says() {
        let map = canada();
        assert_eq!(map.tiles.len(), 13);
        let sheet = Sheet::new(&map, "a", &english);
        // Values 0 to 96 in classes of 20: the first holds 0 to 16, the last 80 to 96.
        assert_eq!(sheet.borders, [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!([0.0, 19.9, 20.0, 96.0, 100.0].map(|v| sheet.class(v)), [0, 0, 1, 4, 4]);
        // Seven columns of 84 pixels and as many gaps of 3 lie in the middle of 720.
        assert_eq!((sheet.left, sheet.tile.0), ((720.0 - 7.0 * 87.0) / 2.0, 84.0));
        let svg = check_layout(&map.render("a", &english));
        assert_eq!(count(&svg, "class=\"tile\""), 13);
        assert!(svg.contains("<title>QC: 72</title><a href=\"QC.html\">"), "{svg}");
    }

    #[test]
    fn a_missing_value_is_hatched_and_in_the_legend() {
        let mut map = canada();
        assert!(!check_layout(&map.render("a", &english)).contains(">no data</text>"));
        map.tiles[3] = Tile { value: None, text: "–".into(), ..map.tiles[3].clone() };
        let svg = check_layout(&map.render("a", &english));
        assert_eq!(count(&svg, "url(#a-m)"), 2);
        assert!(svg.contains(">no data</text>"));
    }

    #[test]
    fn long_names_take_two_lines_and_then_give_way_to_letters() {
        let mut map = canada();
        map.tiles[0].name = "Nova Scotia".into();
        map.width = Width::PHONE;
        let svg = check_layout(&map.render("a", &english));
        assert!(svg.contains(">Nova</text>") && svg.contains(">Scotia</text>"), "{svg}");
        map.tiles[0].name = "Yukon Territory".into();
        let svg = check_layout(&map.render("a", &english));
        assert!(svg.contains(">YT</text>") && !svg.contains("Yukon"), "{svg}");
    }

    #[test]
    fn classes_are_round_and_few() {
        let check = |ends, expected: &[f64]| assert_eq!(borders(ends), expected, "{ends:?}");
        check((52.48, 68.32), &[50.0, 55.0, 60.0, 65.0, 70.0]);
        check((0.0, 100.0), &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        check((98.9, 99.9), &[98.5, 99.0, 99.5, 100.0]);
        check((7.0, 7.0), &[7.0, 7.0]);
    }

    #[test]
    fn any_input_gives_a_map() {
        for value in [0.0, -3.0, 1e300, f64::NAN, f64::INFINITY, 5e-324, 150.0] {
            for width in [Width(0), Width::PHONE, Width::PAGE] {
                let mut map = TileMap { width, missing: hostile(), ..canada() };
                map.tiles[0] = Tile {
                    value: Some(value),
                    name: hostile(),
                    letters: hostile(),
                    text: hostile(),
                    ..map.tiles[0].clone()
                };
                map.tiles[1].at = (u32::MAX, 0);
                check(&map.render("a", &english));
            }
        }
        check(&TileMap::default().render("a", &english));
    }
}
