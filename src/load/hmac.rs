//! Sums of persons: HMAC-SHA-256 worked out in the database, with a key that is only ever a bound value.
//!
//! Formula: H((key xor opad) || H((key xor ipad) || text)), RFC 2104, with H = SHA-256.

use sha2::{Digest, Sha256};

use crate::db::Cell;
use crate::model::sum::hex;

/// Where the key is taken from.
pub const KEY_VARIABLE: &str = "CHISO_APPLICANT_KEY";

/// Bytes that SHA-256 takes at a time.
const BLOCK: usize = 64;

/// A key. It is never printed: it has no `Debug` and no `Display`.
pub struct Key([u8; BLOCK]);

impl Key {
    /// The key of a text; an empty one is none.
    pub fn of(text: &str) -> Option<Key> {
        let mut block = [0; BLOCK];
        match text.as_bytes() {
            [] => return None,
            bytes if bytes.len() > BLOCK => block[..32].copy_from_slice(&Sha256::digest(bytes)),
            bytes => block[..bytes.len()].copy_from_slice(bytes),
        }
        Some(Key(block))
    }

    /// The values for a statement with `sql` in it.
    pub(super) fn params(&self) -> [(&'static str, Cell); 2] {
        [(INNER, hex(&self.padded(0x36)).into()), (OUTER, hex(&self.padded(0x5c)).into())]
    }

    /// A short sum by which one key is told from another.
    pub(super) fn mark(&self, about: &str) -> String {
        let inner = Sha256::new().chain_update(self.padded(0x36)).chain_update(about).finalize();
        let outer = Sha256::new().chain_update(self.padded(0x5c)).chain_update(inner).finalize();
        hex(&outer[..8])
    }

    fn padded(&self, pad: u8) -> [u8; BLOCK] {
        self.0.map(|byte| byte ^ pad)
    }
}

const INNER: &str = "hmac_inner";
const OUTER: &str = "hmac_outer";

/// The sum of a text, in hexadecimal; nothing of nothing.
pub(super) fn sql(text: &str) -> String {
    format!("sha256(unhex(${OUTER}) || unhex(sha256(unhex(${INNER}) || encode({text}))))")
}

/// Whether a statement makes sums.
pub(super) fn is_in(statement: &str) -> bool {
    statement.contains(&format!("unhex(${OUTER})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Db;

    /// Test cases 2 and 6 of RFC 4231.
    #[test]
    fn sums_are_those_of_the_standard() {
        let check = |key: &Key, text: &str, expected: &str| {
            let db = Db::in_memory().expect("memory is there");
            let statement = format!("SELECT {} FROM (SELECT '{text}' AS t)", sql("t"));
            assert!(is_in(&statement));
            assert_eq!(db.value(&statement, &key.params()).expect(&statement), expected.into());
            assert!(expected.starts_with(&key.mark(text)));
        };
        let key = Key::of("Jefe").expect("not empty");
        check(
            &key,
            "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        );
        // A key that is longer than a block is taken by its sum; this one cannot be written as a text.
        let mut block = [0; BLOCK];
        block[..32].copy_from_slice(&Sha256::digest([0xaa; 131]));
        check(
            &Key(block),
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        );
        assert!(Key::of("").is_none());
    }
}
