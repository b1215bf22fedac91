//! How the lines of a text end.

/// Looks at the line ends of a text, a part of it at a time.
#[derive(Debug, Default)]
pub struct LineEnds {
    offset: usize,
    /// Where the last byte that ends a line stands, and which it is.
    before: Option<(usize, u8)>,
    feeds: u64,
    returns: u64,
    pairs: u64,
    has_empty_line: bool,
}

impl LineEnds {
    /// Looks at the bytes that follow.
    pub fn take(&mut self, bytes: &[u8]) {
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let (place, byte) = (self.offset + at, bytes[at]);
            let follows = place == 0 || self.before.is_some_and(|(last, _)| last + 1 == place);
            match (follows, self.before) {
                (true, Some((_, b'\r'))) if byte == b'\n' => self.pairs += 1,
                (true, _) => self.has_empty_line = true,
                (false, _) => {}
            }
            self.feeds += u64::from(byte == b'\n');
            self.returns += u64::from(byte == b'\r');
            self.before = Some((place, byte));
        }
        self.offset += bytes.len();
    }

    /// Whether what was seen cannot have a blank row or rows that end differently: no two line breaks stand together, and
    /// all are of one kind, between quotes or not.
    pub fn are_plain(&self) -> bool {
        let Self { feeds, returns, pairs, .. } = *self;
        let is_one_kind = feeds == 0 || returns == 0 || (feeds == pairs && returns == pairs);
        !self.has_empty_line && is_one_kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_plain_however_the_text_is_cut() {
        for (text, expected) in [
            ("", true),
            ("a\nb\n", true),
            ("a\r\nb\r\n", true),
            ("a\rb", true),
            ("\na", false),
            ("a\n\nb", false),
            ("a\n\r\nb", false),
            ("a\nb\r\n", false),
            ("a\rb\r\n", false),
        ] {
            for size in 1..=text.len().max(1) {
                let mut ends = LineEnds::default();
                text.as_bytes().chunks(size).for_each(|part| ends.take(part));
                assert_eq!(ends.are_plain(), expected, "{text:?}, {size} bytes at a time");
            }
        }
    }
}
