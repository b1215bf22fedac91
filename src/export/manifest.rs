//! What an export is made of: the sum of each file, the state of the data, formulas, sources, the program.
//!
//! Takes names and bytes; gives the manifest, whether a folder is as it says, and a signature that anybody can check.
//! Knows no folder and no environment.

use std::collections::BTreeMap;

use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Dataset, lists};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::sum::hex;
use crate::model::text::Lang;

/// The name of its file.
pub const MANIFEST: &str = "manifest.json";
/// The name of its signature: 64 bytes over the bytes of the manifest.
pub const SIGNATURE: &str = "manifest.json.sig";

/// What an export is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What it was made from.
    #[serde(flatten)]
    pub state: State,
    /// The files, by name.
    pub files: Vec<FileEntry>,
}

/// What an export was made from; files of two states do not belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The program and its version.
    pub program: String,
    /// The state of the data.
    pub vintage: u32,
    /// When its load began, UTC.
    pub loaded_at: String,
    /// SHA-256 of what all tables hold, whatever the format.
    pub content_sha256: String,
    /// Versions of the formula of each indicator, with the first day of each later one.
    pub formulas: BTreeMap<String, Vec<Formula>>,
    /// The files of the sources.
    pub sources: Vec<SourceFile>,
}

/// A version of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formula {
    /// Its number.
    pub version: u32,
    /// Its first day; the first version has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// The source.
    pub source: String,
    /// Who published it.
    pub publisher: String,
    /// Its licence.
    pub licence: String,
    /// Where it was found; a source without files has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// SHA-256 of its bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// A file of the export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name in the folder.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// SHA-256 of them.
    pub sha256: String,
}

impl FileEntry {
    /// The entry of a file with these bytes.
    pub fn of(path: &str, bytes: &[u8]) -> Self {
        FileEntry { path: path.to_owned(), bytes: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)) }
    }
}

impl State {
    /// What the tables were made from.
    pub fn of(dataset: &Dataset<'_>) -> Self {
        let results = dataset.results;
        let formulas = results.indicators.iter().map(|indicator| {
            let versions = indicator.formulas().into_iter();
            let versions = versions
                .map(|(version, since)| Formula { version, since: since.map(|day| day.to_string()) })
                .collect();
            (indicator.id.to_string(), versions)
        });
        let sources = results.sources.iter().flat_map(lists::files).map(|(source, file)| SourceFile {
            source: source.id.to_string(),
            publisher: source.publisher.get(Lang::En).to_owned(),
            licence: source.licence.get(Lang::En).to_owned(),
            file: file.map(|file| file.path.clone()),
            sha256: file.map(|file| file.sha256.clone()),
        });
        State {
            program: format!("chiso {}", env!("CARGO_PKG_VERSION")),
            vintage: results.vintage.number,
            loaded_at: results.vintage.loaded_at.clone(),
            content_sha256: dataset.sha256(),
            formulas: formulas.collect(),
            sources: sources.collect(),
        }
    }
}

/// Everything in which a folder is not as its manifest says, by file.
///
/// `found` are the files of the folder but the manifest and its signature.
pub fn differences(manifest: &Manifest, found: &[FileEntry]) -> Vec<Diagnostic> {
    let told: BTreeMap<&str, &FileEntry> =
        manifest.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let there: BTreeMap<&str, &FileEntry> = found.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut problems = BTreeMap::new();
    for (path, file) in &told {
        match there.get(path) {
            None => {
                problems.insert(*path, Diagnostic::error(format!("`{path}` is missing")));
            }
            Some(found) if found != file => {
                let problem = Diagnostic::error(format!("`{path}` was changed")).hint(format!(
                    "it has {} bytes and the sum {}; it was written with {} bytes and the sum {}",
                    found.bytes, found.sha256, file.bytes, file.sha256
                ));
                problems.insert(*path, problem);
            }
            Some(_) => {}
        }
    }
    for path in there.keys().filter(|path| !told.contains_key(*path)) {
        problems.insert(*path, Diagnostic::error(format!("`{path}` is not in the manifest")));
    }
    problems.into_iter().map(|(path, problem)| problem.in_file(path)).collect()
}

/// The signature of a manifest by a private key in PEM (PKCS #8), as OpenSSL makes it.
pub fn sign(manifest: &[u8], key: &str) -> Result<Vec<u8>, Diagnostic> {
    // The message of the library could show parts of the key.
    let key = SigningKey::from_pkcs8_pem(key).map_err(|_| {
        Diagnostic::error("the key for signing is not an Ed25519 key in PEM").hint(MAKE_A_KEY)
    })?;
    Ok(key.sign(manifest).to_bytes().to_vec())
}

/// An error unless the signature of the manifest is that of a public key in PEM.
pub fn check_signature(manifest: &[u8], signature: &[u8], key: &str) -> Result<(), Problems> {
    let key = VerifyingKey::from_public_key_pem(key)
        .map_err(|_| Diagnostic::error("the key is not a public Ed25519 key in PEM").hint(MAKE_A_KEY))?;
    let signature = Signature::from_slice(signature).map_err(|_| {
        Diagnostic::error(format!("`{SIGNATURE}` is not a signature: it has {} bytes", signature.len()))
            .in_file(SIGNATURE)
    })?;
    key.verify_strict(manifest, &signature).map_err(|_| {
        Diagnostic::error("the signature is not of this manifest by this key")
            .in_file(SIGNATURE)
            .hint("the manifest was changed after it was signed, or somebody else signed it")
            .into()
    })
}

const MAKE_A_KEY: &str =
    "`openssl genpkey -algorithm ed25519` makes a private key, `openssl pkey -pubout` its public one";

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, bytes: &str) -> FileEntry {
        FileEntry::of(path, bytes.as_bytes())
    }

    #[test]
    fn sums_are_those_of_the_standard() {
        // FIPS 180-4, the example of one block.
        assert_eq!(
            entry("a", "abc").sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn changed_missing_and_extra_files_are_told_together() {
        let state = State {
            program: "chiso".into(),
            vintage: 1,
            loaded_at: String::new(),
            content_sha256: String::new(),
            formulas: BTreeMap::new(),
            sources: vec![],
        };
        let manifest = Manifest { state, files: vec![entry("a", "1"), entry("b", "2"), entry("c", "3")] };
        let found = [entry("b", "two"), entry("c", "3"), entry("d", "4")];
        let told: Vec<String> =
            differences(&manifest, &found).into_iter().map(|problem| problem.message).collect();
        assert_eq!(told, ["`a` is missing", "`b` was changed", "`d` is not in the manifest"]);
        assert!(differences(&manifest, &manifest.files).is_empty());
    }
}
