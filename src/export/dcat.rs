//! The entry for an open-data portal: DCAT-AP, as JSON-LD, over the files that were written.

use serde_json::{Value, json};

use super::Dataset;
use super::datapackage::pretty;
use super::manifest::FileEntry;
use crate::diagnostic::Diagnostic;
use crate::model::text::{Lang, Text};

/// The name of its file.
pub const DCAT: &str = "dcat.jsonld";

/// The entry, with a distribution for each of `files`.
pub fn dcat(dataset: &Dataset<'_>, files: &[FileEntry]) -> Result<Vec<u8>, Diagnostic> {
    let about = dataset.about;
    let base = about.url.as_ref().map(|url| format!("{}/", url.trim_end_matches('/'))).unwrap_or_default();
    let vintage = &dataset.results.vintage;
    let mut publisher = json!({ "@type": "foaf:Agent", "foaf:name": in_languages(&about.publisher) });
    if let Some(contact) = &about.contact {
        publisher["foaf:mbox"] = json!({ "@id": format!("mailto:{contact}") });
    }
    let days: Vec<_> =
        dataset.results.observations.iter().map(|row| (row.period.start(), row.period.end())).collect();
    let mut entry = json!({
        "@id": format!("{base}#dataset"),
        "@type": "dcat:Dataset",
        "dct:title": in_languages(&about.title),
        "dct:description": in_languages(&about.description),
        "dct:publisher": publisher,
        "dct:identifier": format!("{}-{}", about.agency, vintage.number),
        "dct:modified": { "@type": "xsd:dateTime", "@value": format!("{}Z", vintage.loaded_at.replace(' ', "T")) },
        "dct:language": [
            { "@id": "http://publications.europa.eu/resource/authority/language/VIE" },
            { "@id": "http://publications.europa.eu/resource/authority/language/ENG" },
        ],
        "dcat:version": vintage.number.to_string(),
        "dcat:theme": { "@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE" },
        "dcat:distribution": files.iter().map(|file| distribution(&base, about.licence.as_deref(), file)).collect::<Vec<_>>(),
    });
    if let (Some(first), Some(last)) =
        (days.iter().map(|(first, _)| first).min(), days.iter().map(|(_, last)| last).max())
    {
        entry["dct:temporal"] = json!({
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": { "@type": "xsd:date", "@value": first.to_string() },
            "dcat:endDate": { "@type": "xsd:date", "@value": last.to_string() },
        });
    }
    let mut catalog = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
    });
    for (key, value) in entry.as_object().into_iter().flatten() {
        catalog[key] = value.clone();
    }
    pretty(&catalog)
}

fn in_languages(text: &Text) -> Value {
    let told = Lang::ALL.into_iter().filter(|lang| text.has(*lang));
    told.map(|lang| json!({ "@value": text.get(lang), "@language": lang.code() })).collect()
}

fn distribution(base: &str, licence: Option<&str>, file: &FileEntry) -> Value {
    let address = format!("{base}{}", file.path);
    let mut value = json!({
        "@id": format!("{address}#distribution"),
        "@type": "dcat:Distribution",
        "dct:title": file.path,
        "dcat:accessURL": { "@id": address },
        "dcat:downloadURL": { "@id": address },
        "dcat:mediaType": { "@id": format!("https://www.iana.org/assignments/media-types/{}", media_type(&file.path)) },
        "dcat:byteSize": { "@type": "xsd:nonNegativeInteger", "@value": file.bytes.to_string() },
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": { "@id": "spdx:checksumAlgorithm_sha256" },
            "spdx:checksumValue": { "@type": "xsd:hexBinary", "@value": file.sha256 },
        },
    });
    if let Some(licence) = licence {
        value["dct:license"] = json!({ "@id": licence });
    }
    value
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "csv" if path.starts_with("sdmx-") => "application/vnd.sdmx.data+csv",
        "json" if path.starts_with("sdmx-") => "application/vnd.sdmx.data+json",
        "xml" => "application/vnd.sdmx.structure+xml",
        "csv" => "text/csv",
        "json" => "application/json",
        "parquet" => "application/vnd.apache.parquet",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
