//! How wide text is, measured on the font that pages ship, and how it is cut when it does not fit.

use std::sync::LazyLock;

use ttf_parser::Face;

/// Weights of the font that charts use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Semibold,
}

/// The font that is shipped, as a file.
pub(crate) const REGULAR_FONT: &[u8] = include_bytes!("../../templates/assets/fonts/inter-regular.ttf");
pub(crate) const SEMIBOLD_FONT: &[u8] = include_bytes!("../../templates/assets/fonts/inter-semibold.ttf");

static REGULAR: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(REGULAR_FONT, 0).ok());
static SEMIBOLD: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(SEMIBOLD_FONT, 0).ok());

/// Width of a character outside the font, in ems: a fair mean of other fonts.
const UNKNOWN: f64 = 0.6;

/// Width of a text in pixels, without kerning (which makes it a hair narrower).
pub(crate) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let face = match weight {
        Weight::Regular => &REGULAR,
        Weight::Semibold => &SEMIBOLD,
    };
    text.chars().map(|c| advance(face.as_ref(), c)).sum::<f64>() * size
}

fn advance(face: Option<&Face<'_>>, c: char) -> f64 {
    face.and_then(|face| {
        let glyph = face.glyph_index(c)?;
        Some(f64::from(face.glyph_hor_advance(glyph)?) / f64::from(face.units_per_em()))
    })
    .unwrap_or(UNKNOWN)
}

/// The text itself if it fits into `room` pixels, else its beginning and an ellipsis.
pub(crate) fn fit(text: &str, size: f64, weight: Weight, room: f64) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    let room = room - width("…", size, weight);
    let mut used = 0.0;
    let kept = text.chars().take_while(|c| {
        used += width(c.encode_utf8(&mut [0; 4]), size, weight);
        used <= room
    });
    let kept: String = kept.collect();
    format!("{}…", kept.trim_end())
}

/// A text in lines that fit; a word that is too long alone is cut.
pub(crate) fn wrapped(text: &str, size: f64, weight: Weight, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        let word = fit(word, size, weight, room);
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size, weight) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{REGULAR, SEMIBOLD, Weight, fit, width};

    #[test]
    fn both_fonts_hold_every_vietnamese_letter_and_our_symbols() {
        let letters = "ĂÂĐÊÔƠƯăâđêôơưÀÁÃÈÉÌÍÒÓÕÙÚÝàáãèéìíòóõùúýĨŨĩũ".chars();
        let tones = ('\u{1ea0}'..='\u{1ef9}').chain("→←↑↓−–…≥≤×₫%°".chars());
        let all: Vec<char> = letters.chain(tones).collect();
        for face in [&REGULAR, &SEMIBOLD] {
            let face = face.as_ref().expect("the shipped font is read");
            let lost: Vec<_> = all.iter().filter(|c| face.glyph_index(**c).is_none()).collect();
            assert!(lost.is_empty(), "{lost:?}");
        }
    }

    #[test]
    fn width_grows_with_text_size_and_weight() {
        let regular = width("Thừa Thiên Huế", 12.0, Weight::Regular);
        assert!((70.0..110.0).contains(&regular), "{regular}");
        assert!(width("Thừa Thiên Huế", 12.0, Weight::Semibold) > regular);
        assert!((width("Thừa Thiên Huế", 24.0, Weight::Regular) - 2.0 * regular).abs() < 1e-9);
        assert_eq!(width("", 12.0, Weight::Regular), 0.0);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        let long = "Thành phố Hồ Chí Minh";
        assert_eq!(fit(long, 12.0, Weight::Regular, 500.0), long);
        let short = fit(long, 12.0, Weight::Regular, 80.0);
        assert!(short.ends_with('…') && short.starts_with("Thành"), "{short}");
        assert!(width(&short, 12.0, Weight::Regular) <= 80.0);
        assert_eq!(fit(long, 12.0, Weight::Regular, -5.0), "…");
    }
}
