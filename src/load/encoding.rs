//! Texts as agencies write them: UTF-8 with or without its mark, UTF-16, Windows code pages.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder};
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

/// An encoding of text files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, by its byte order mark; little-endian without one.
    #[serde(rename = "utf-16")]
    Utf16,
    /// Windows-1258, Vietnamese.
    #[serde(rename = "windows-1258")]
    Windows1258,
    /// Windows-1252, Western European.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// The name in contracts and messages.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
            Encoding::Windows1258 => "windows-1258",
            Encoding::Windows1252 => "windows-1252",
        }
    }

    fn decoder(self) -> Decoder {
        match self {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Utf16 => encoding_rs::UTF_16LE,
            Encoding::Windows1258 => encoding_rs::WINDOWS_1258,
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
        }
        // A byte order mark is obeyed, whatever the contract expects.
        .new_decoder()
    }
}

/// Whether the name of a file says that it is packed.
pub(super) fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"))
}

/// The bytes of a file, unpacked if it is packed.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    let file = BufReader::with_capacity(1 << 16, File::open(path)?);
    Ok(if is_packed(path) { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}

/// What must be done before the file can be read as UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Nothing.
    AsItIs,
    /// It must be written anew in UTF-8.
    From(Encoding),
    /// None of the expected encodings fits.
    Unreadable,
}

/// Which of the expected encodings a file has. A byte order mark decides; else the first that fits.
pub(super) fn detect(path: &Path, expected: &[Encoding]) -> io::Result<Reading> {
    let mut mark = [0; 3];
    let mut reader = open(path)?;
    let mut length = 0;
    while length < mark.len() {
        match reader.read(&mut mark[length..])? {
            0 => break,
            n => length += n,
        }
    }
    match &mark[..length] {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Ok(Reading::From(Encoding::Utf16)),
        [0xef, 0xbb, 0xbf] => return Ok(Reading::AsItIs),
        _ => {}
    }
    // With nothing to choose from, bytes that are not UTF-8 are found while the rows are read.
    if expected == [Encoding::Utf8] {
        return Ok(Reading::AsItIs);
    }
    for encoding in expected {
        if transcode(path, *encoding, &mut io::sink())? {
            let is_utf8 = *encoding == Encoding::Utf8;
            return Ok(if is_utf8 { Reading::AsItIs } else { Reading::From(*encoding) });
        }
    }
    Ok(Reading::Unreadable)
}

/// Writes the file as composed (NFC) UTF-8, a part at a time; `false` if some bytes do not fit the encoding.
pub(super) fn transcode(path: &Path, encoding: Encoding, target: &mut dyn Write) -> io::Result<bool> {
    let mut reader = open(path)?;
    let mut writer = BufWriter::new(target);
    let mut decoder = encoding.decoder();
    let mut bytes = vec![0; 1 << 16];
    let mut pending = String::new();
    loop {
        let length = reader.read(&mut bytes)?;
        let is_last = length == 0;
        let mut rest = &bytes[..length];
        loop {
            pending.reserve(rest.len() * 3 + 16);
            let (result, read, replaced) = decoder.decode_to_string(rest, &mut pending, is_last);
            if replaced {
                return Ok(false);
            }
            rest = &rest[read..];
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        // Marks follow their letter, so only whole lines are composed.
        let whole =
            if is_last { pending.len() } else { pending.rfind('\n').map_or(0, |newline| newline + 1) };
        for letter in pending[..whole].nfc() {
            writer.write_all(letter.encode_utf8(&mut [0; 4]).as_bytes())?;
        }
        pending.drain(..whole);
        if is_last {
            writer.flush()?;
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Windows1258, Encoding::Windows1252];

    fn read(bytes: &[u8], expected: &[Encoding]) -> Option<String> {
        let file = tempfile::NamedTempFile::new().expect("a folder for temporary files");
        std::fs::write(file.path(), bytes).expect("writable");
        match detect(file.path(), expected).expect("readable") {
            Reading::AsItIs => Some(String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned()),
            Reading::From(encoding) => {
                let mut text = vec![];
                assert!(transcode(file.path(), encoding, &mut text).expect("readable"));
                Some(String::from_utf8(text).expect("UTF-8 was written"))
            }
            Reading::Unreadable => None,
        }
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "tên\nĐắk Lắk, Thừa Thiên Huế\n";
        assert_eq!(read(text.as_bytes(), &ALL).as_deref(), Some(text));
        assert_eq!(read(format!("\u{feff}{text}").as_bytes(), &[Encoding::Utf8]).as_deref(), Some(text));
        let utf16: Vec<u8> =
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16, &ALL).as_deref(), Some(text));
        let big: Vec<u8> =
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&big, &[Encoding::Utf8]).as_deref(), Some(text));
        // "Đắk" in Windows-1258: Đ, ă and a combining acute (0xEC) after it.
        assert_eq!(read(b"\xd0\xe3\xeck", &ALL).as_deref(), Some("Đắk"));
    }

    #[test]
    fn a_mark_at_the_edge_of_a_part_stays_with_its_letter() {
        let mut bytes = vec![b'x'; (1 << 16) - 1];
        bytes.extend_from_slice(b"\xe3\xec\n");
        let text = read(&bytes, &[Encoding::Windows1258]).expect("fits");
        assert!(text.ends_with("xắ\n"), "{:?}", &text[text.len() - 8..]);
    }

    #[test]
    fn bytes_that_fit_nothing_are_said_to() {
        assert!(read(b"\xff\x00\x81", &[Encoding::Utf8, Encoding::Windows1258]).is_some());
        assert_eq!(read(b"ab\xd0\xe3", &[Encoding::Utf8, Encoding::Utf8]), None);
    }
}
