//! A chart as a picture: the same bytes on every machine, for the shipped font alone is used.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Language, Source, Weight};
use resvg::usvg::{Options, Tree};

use crate::chart::Svg;
use crate::chart::text::{REGULAR_FONT, SEMIBOLD_FONT};

/// The shipped fonts, and none of the machine's.
static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for (font, weight) in [(REGULAR_FONT, Weight::NORMAL), (SEMIBOLD_FONT, Weight::SEMIBOLD)] {
        for id in fonts.load_font_source(Source::Binary(Arc::new(font))) {
            // The cut-down files call each weight a family of its own; here they are two weights of one.
            let Some(mut face) = fonts.face(id).cloned() else { continue };
            fonts.remove_face(id);
            face.families = vec![(FAMILY.to_owned(), Language::English_UnitedStates)];
            face.weight = weight;
            fonts.push_face_info(face);
        }
    }
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

/// The family that charts name first.
const FAMILY: &str = "Inter";

/// Largest side of a picture, in pixels; more is a mistake that would only eat memory.
const MOST: u32 = 12_000;

/// The picture as PNG on white paper, `scale` pixels for each of the chart; none for what is no chart of ours.
pub fn png(svg: &Svg, scale: f32) -> Option<Vec<u8>> {
    let options = Options { fontdb: FONTS.clone(), font_family: FAMILY.to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg.as_str(), &options).ok()?;
    let size = tree.size().to_int_size().scale_by(scale)?;
    let mut picture = Pixmap::new(size.width().min(MOST), size.height().min(MOST))?;
    picture.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().ok()
}

#[cfg(test)]
mod tests {
    use resvg::tiny_skia::Pixmap;

    use super::png;
    use crate::chart::bullet::{BulletChart, BulletTarget};
    use crate::chart::standalone::Standalone;
    use crate::chart::testing::english;
    use crate::chart::{Svg, palette};

    fn bullet() -> Svg {
        let chart = BulletChart {
            value: Some(50.0),
            text: "50 %".into(),
            targets: vec![BulletTarget { value: 80.0, label: "≥ 80 %".into() }],
            ..Default::default()
        };
        let around = Standalone { title: "Tỷ lệ hồ sơ".into(), ..Default::default() };
        around.around(&chart.render("a", &english), "whole")
    }

    /// How many pixels of a picture have a colour.
    fn pixels(bytes: &[u8], (r, g, b): (u8, u8, u8)) -> usize {
        let picture = Pixmap::decode_png(bytes).expect("a PNG");
        picture.pixels().iter().filter(|p| (p.red(), p.green(), p.blue()) == (r, g, b)).count()
    }

    #[test]
    fn the_picture_has_the_size_and_the_colours_of_the_chart() {
        let (once, twice) =
            (png(&bullet(), 1.0).expect("a picture"), png(&bullet(), 2.0).expect("a picture"));
        let size = |bytes: &[u8]| Pixmap::decode_png(bytes).map(|p| (p.width(), p.height())).expect("a PNG");
        assert_eq!(size(&once).0, 760);
        assert_eq!(size(&twice), (1520, 2 * size(&once).1));
        // The bar of 50 on a scale of 100: half of a plot of some 650 pixels, 8 pixels high.
        let bar = palette::SERIES[0];
        let seen = pixels(&once, (bar.0, bar.1, bar.2));
        assert!((2_000..3_200).contains(&seen), "{seen}");
    }

    #[test]
    fn the_same_chart_gives_the_same_bytes_and_texts_are_drawn() {
        assert_eq!(png(&bullet(), 1.0), png(&bullet(), 1.0));
        let ink = palette::INK;
        let with = pixels(&png(&bullet(), 2.0).expect("a picture"), (ink.0, ink.1, ink.2));
        assert!(with > 400, "{with} pixels of text");
    }

    #[test]
    fn what_is_no_chart_gives_no_picture() {
        assert!(png(&Svg("<svg".into()), 1.0).is_none());
    }
}
