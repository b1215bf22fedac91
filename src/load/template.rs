//! A workbook to be filled in, written from the contract that will read it back.
//!
//! Takes a contract and what is already known of the sender; gives the bytes of the workbook. What may be written in a
//! cell is checked twice: here by the sheet, as help for whoever fills it in, and by the contract when it comes back.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, ProtectionOptions, Workbook, Worksheet, XlsxError, utility::column_number_to_name,
};

use super::contract::{Code, Column, Contract, Kind};
use crate::diagnostic::Diagnostic;
use crate::model::period::Period;
use crate::model::text::{Lang, Text};

/// The sheet that is filled in, the one that explains it, and the one with the lists.
pub(super) const DATA: &str = "Dữ liệu";
pub(super) const GUIDE: &str = "Hướng dẫn";
pub(super) const LISTS: &str = "Danh mục";
/// Rows in which what is known of the sender appears by itself.
const FILLED_ROWS: u32 = 1000;
/// The last row of a sheet, counted from 0.
const LAST_ROW: u32 = 1_048_575;

/// What is known of the sender.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sender {
    /// The code of the body that sends.
    pub org: Option<String>,
    /// The period that is reported.
    pub period: Option<Period>,
}

/// A column of the form, with what stands in it by itself.
struct Field<'a> {
    column: &'a Column,
    filled: Option<String>,
}

/// The bytes of a workbook to be filled in; columns named in `constants` are known from the source and left out.
pub fn template(contract: &Contract, constants: &[&str], sender: &Sender) -> Result<Vec<u8>, Diagnostic> {
    if contract.form.sheet.as_ref().is_some_and(|sheet| !sheet.0.is_match(DATA)) {
        let problem =
            Diagnostic::usage(format!("`{}` is not read from a sheet called `{DATA}`", contract.table));
        return Err(problem
            .in_file(format!("{}/{}.yml", super::TABLES, contract.table))
            .hint("its `sheet` belongs to a form that others write; a template cannot take its place"));
    }
    let fields = fields(contract, constants, sender)?;
    workbook(contract, &fields).map_err(|error| {
        Diagnostic::error(format!("the template of `{}` cannot be written: {error}", contract.table))
    })
}

fn fields<'a>(
    contract: &'a Contract,
    constants: &[&str],
    sender: &Sender,
) -> Result<Vec<Field<'a>>, Diagnostic> {
    let of_sender = contract.organisations.first().map(|organisation| organisation.code.as_str());
    let is_period = |column: &&Column| column.kind == Kind::Period;
    let of_period = contract.columns.iter().find(is_period).map(|column| column.name.as_str());
    let without = |what: &str, option: &str| {
        Diagnostic::usage(format!("`{}` has no column for {what}", contract.table))
            .hint(format!("leave `{option}` out"))
    };
    if sender.org.is_some() && of_sender.is_none() {
        return Err(without("the code of an organisation", "--org"));
    }
    if sender.period.is_some() && of_period.is_none() {
        return Err(without("a period", "--period"));
    }
    let filled = |column: &Column| match Some(column.name.as_str()) {
        name if name == of_sender => sender.org.clone(),
        name if name == of_period => sender.period.map(|period| period.to_string()),
        _ => None,
    };
    // What is dropped when it is read is not asked for.
    let is_asked = |column: &&Column| column.is_stored() && !constants.contains(&column.name.as_str());
    let columns = contract.columns.iter().filter(is_asked);
    Ok(columns.map(|column| Field { column, filled: filled(column) }).collect())
}

fn workbook(contract: &Contract, fields: &[Field]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // No moment of writing: the same contract gives the same bytes.
    let beginning = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&beginning));
    let heading_row = u32::try_from(contract.form.header_row - 1).unwrap_or(0);
    data(workbook.add_worksheet(), fields, heading_row)?;
    guide(workbook.add_worksheet(), contract, fields)?;
    lists(workbook.add_worksheet(), fields)?;
    workbook.save_to_buffer()
}

fn data(sheet: &mut Worksheet, fields: &[Field], heading_row: u32) -> Result<(), XlsxError> {
    sheet.set_name(DATA)?;
    for (position, field) in (0..).zip(fields) {
        let heading = heading(field.column);
        let width = (heading.chars().count() as f64 * 0.7).clamp(14.0, 34.0);
        sheet.set_column_width(position, width)?;
        sheet.set_column_format(position, &cell_format(field))?;
        sheet.write_string_with_format(heading_row, position, &heading, &heading_format(field.column))?;
        let validation = validation(field.column, position, heading_row + 1)?;
        sheet.add_data_validation(heading_row + 1, position, LAST_ROW, position, &validation)?;
        fill(sheet, fields, position, heading_row)?;
    }
    sheet.set_row_height(heading_row, 48)?;
    sheet.set_freeze_panes(heading_row + 1, 0)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(heading_row, heading_row)?;
    protect(sheet);
    Ok(())
}

/// What people see above a column; a star marks what must not stay empty, and is not read as part of the heading.
fn heading(column: &Column) -> String {
    let heading = column.label.as_ref().map_or(column.headings[0].as_str(), |label| label.get(Lang::Vi));
    if column.required { format!("{heading} *") } else { heading.to_owned() }
}

fn heading_format(column: &Column) -> Format {
    let ground = if column.required { 0x00DD_EBF7 } else { 0x00F2_F2F2 };
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_align(FormatAlign::Center)
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(ground))
}

/// Open cells; codes are texts, so that a spreadsheet does not take their zeros away.
fn cell_format(field: &Field) -> Format {
    let open = Format::new().set_unlocked();
    match field.column.kind {
        // A formula in a cell of texts would be shown, not worked out.
        _ if field.filled.is_some() => open,
        Kind::Text { .. } | Kind::Period | Kind::Json | Kind::Boolean { .. } => open.set_num_format("@"),
        Kind::Integer => open.set_num_format("0"),
        Kind::Number => open,
        Kind::Date(_) => open.set_num_format("yyyy-mm-dd"),
        Kind::Timestamp(_) => open.set_num_format("yyyy-mm-dd hh:mm:ss"),
    }
}

/// What is known of the sender appears in each row in which something else stands: a row without anything stays blank.
fn fill(sheet: &mut Worksheet, fields: &[Field], position: u16, heading_row: u32) -> Result<(), XlsxError> {
    let Some(text) = &fields[usize::from(position)].filled else { return Ok(()) };
    let others: Vec<String> = (0..)
        .zip(fields)
        .filter(|(_, field)| field.filled.is_none())
        .map(|(other, _)| column_number_to_name(other))
        .collect();
    for row in heading_row + 1..=heading_row + FILLED_ROWS {
        let cells: Vec<String> = others.iter().map(|column| format!("{column}{}", row + 1)).collect();
        let formula = format!("={BESIDE_OTHERS}{}{IS_BLANK}{})", cells.join(","), quoted(text));
        // A blank, for readers that work nothing out: without any result the library would write a zero.
        sheet.write_formula(row, position, Formula::new(formula).set_result(" "))?;
    }
    Ok(())
}

const BESIDE_OTHERS: &str = "IF(COUNTA(";
const IS_BLANK: &str = ")=0,\"\",";

/// What a formula of [`fill`] says beside something else: some programs save formulas without their values.
pub(super) fn said_beside_others(formula: &str) -> Option<String> {
    let (_, text) = formula.strip_prefix(BESIDE_OTHERS)?.split_once(IS_BLANK)?;
    let text = text.strip_suffix(')')?.strip_prefix('"')?.strip_suffix('"')?;
    Some(text.replace("\"\"", "\""))
}

/// A text as a formula writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn validation(column: &Column, position: u16, first_row: u32) -> Result<DataValidation, XlsxError> {
    let cell = format!("{}{}", column_number_to_name(position), first_row + 1);
    let (min, max) = (column.min, column.max);
    let validation = DataValidation::new();
    let validation = match &column.kind {
        _ if !list_of(column).is_empty() => {
            let letter = column_number_to_name(position);
            let last = list_of(column).len() + 1;
            let list = Formula::new(format!("='{LISTS}'!${letter}$2:${letter}${last}"));
            validation.allow_list_formula(list)
        }
        Kind::Integer => validation.allow_custom(Formula::new(limits(
            &format!("ISNUMBER({cell}),INT({cell})={cell}"),
            &cell,
            min,
            max,
        ))),
        Kind::Number => {
            validation.allow_custom(Formula::new(limits(&format!("ISNUMBER({cell})"), &cell, min, max)))
        }
        Kind::Date(_) => validation
            .allow_date(DataValidationRule::GreaterThanOrEqualTo(ExcelDateTime::from_ymd(1950, 1, 1)?)),
        Kind::Timestamp(_) | Kind::Text { .. } | Kind::Period | Kind::Json | Kind::Boolean { .. } => {
            validation
        }
    };
    validation
        .set_input_title(shortened(&heading(column), 32))?
        .set_input_message(shortened(&rule(column, Lang::Vi), 255))?
        .set_error_title("Giá trị không hợp lệ")?
        .set_error_message(shortened(&rule(column, Lang::Vi), 225))
}

/// A formula that holds for a cell: these conditions, and its limits.
fn limits(conditions: &str, cell: &str, min: Option<f64>, max: Option<f64>) -> String {
    let least = min.map_or(String::new(), |min| format!(",{cell}>={min}"));
    let greatest = max.map_or(String::new(), |max| format!(",{cell}<={max}"));
    format!("=AND({conditions}{least}{greatest})")
}

/// A text that fits where a spreadsheet has little room.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most - 1).chain(['…']).collect()
    }
}

/// What can be chosen in a column: words where it has them, else the codes.
fn list_of(column: &Column) -> Vec<String> {
    match &column.kind {
        Kind::Boolean { yes, no } => yes.iter().take(1).chain(no.iter().take(1)).cloned().collect(),
        _ => column.codes.iter().map(|code| code.shown(Lang::Vi).to_owned()).collect(),
    }
}

/// Everything but the data is locked, without a password: a slip is prevented, a wish is not.
fn protect(sheet: &mut Worksheet) {
    sheet.protect_with_options(&ProtectionOptions {
        format_columns: true,
        format_rows: true,
        insert_rows: true,
        sort: true,
        ..ProtectionOptions::default()
    });
}

fn lists(sheet: &mut Worksheet, fields: &[Field]) -> Result<(), XlsxError> {
    sheet.set_name(LISTS)?;
    let bold = Format::new().set_bold();
    for (position, field) in (0..).zip(fields) {
        let list = list_of(field.column);
        if list.is_empty() {
            continue;
        }
        let longest = list.iter().map(|text| text.chars().count()).max().unwrap_or(0);
        sheet.set_column_width(position, (longest as f64).clamp(24.0, 60.0))?;
        sheet.write_string_with_format(0, position, heading(field.column), &bold)?;
        for (row, text) in (1..).zip(list) {
            sheet.write_string(row, position, text)?;
        }
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.protect();
    Ok(())
}

fn guide(sheet: &mut Worksheet, contract: &Contract, fields: &[Field]) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE)?;
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let title = contract
        .title
        .clone()
        .unwrap_or_else(|| Text::both(contract.table.as_str(), contract.table.as_str()));
    let title_format = Format::new().set_bold().set_font_size(14);
    let mut row = 0;
    for lang in Lang::ALL {
        sheet.write_string_with_format(row, 0, title.get(lang), &title_format)?;
        row += 1;
    }
    let last = GUIDE_COLUMNS.len() - 1;
    let beside: f64 = GUIDE_COLUMNS[1..].iter().map(|(_, width)| width).sum();
    for (head, text) in advice(contract, fields) {
        sheet.write_string_with_format(row, 0, head, &bold.clone().set_align(FormatAlign::Top))?;
        sheet.merge_range(row, 1, row, u16::try_from(last).unwrap_or(u16::MAX), &text, &wrapped)?;
        sheet.set_row_height(row, height(&text, beside))?;
        row += 1;
    }
    row += 1;
    for (position, (head, width)) in (0..).zip(GUIDE_COLUMNS) {
        sheet.set_column_width(position, width)?;
        sheet.write_string_with_format(row, position, head, &bold.clone().set_text_wrap())?;
    }
    sheet.set_row_height(row, 30)?;
    for field in fields {
        row += 1;
        let texts = about(field.column);
        let heights = texts.iter().zip(GUIDE_COLUMNS).map(|(text, (_, width))| height(text, width));
        sheet.set_row_height(row, heights.fold(0.0, f64::max))?;
        for (position, text) in (0..).zip(&texts) {
            sheet.write_string_with_format(row, position, text, &wrapped)?;
        }
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.protect();
    Ok(())
}

const GUIDE_COLUMNS: [(&str, f64); 7] = [
    ("Cột", 26.0),
    ("Column", 24.0),
    ("Tên trong hệ thống / Name in the system", 22.0),
    ("Giá trị", 36.0),
    ("Values", 36.0),
    ("Ghi chú", 36.0),
    ("Note", 36.0),
];

/// The height of a row in which a text is wrapped in a column of this width: not every spreadsheet finds it by itself.
/// A letter takes a little more than the digit by which widths are measured, and lines break between words.
fn height(text: &str, width: f64) -> f64 {
    let lines = (text.chars().count() as f64 * 1.1 / width).ceil().max(1.0);
    15.0 * lines
}

/// What holds for the whole sheet.
fn advice(contract: &Contract, fields: &[Field]) -> Vec<(&'static str, String)> {
    let key = |lang: Lang| {
        let of_key = contract.columns.iter().filter(|column| contract.key.contains(&column.name));
        of_key.map(|column| label(column, lang)).collect::<Vec<_>>().join(", ")
    };
    let mut lines = vec![
        ("Mỗi dòng là", contract.row.get(Lang::Vi).to_owned()),
        ("One row is", contract.row.get(Lang::En).to_owned()),
        (
            "Cách điền",
            format!(
                "Điền vào trang `{DATA}`, từ dòng {} trở đi. Cột có dấu * là bắt buộc. Không đổi tiêu đề cột; dòng trống được bỏ qua.",
                contract.form.header_row + 1
            ),
        ),
        (
            "How to fill in",
            format!(
                "Fill in the sheet `{DATA}`, from row {} on. A column with * is required. Leave the headings as they are; blank rows are passed over.",
                contract.form.header_row + 1
            ),
        ),
        (
            "Không có số liệu",
            "Để trống nếu không có số liệu. Số 0 là một con số: chỉ ghi khi đã đếm và kết quả là không."
                .into(),
        ),
        (
            "No figure",
            "Leave the cell empty if there is no figure. Zero is a number: write it only if it was counted."
                .into(),
        ),
    ];
    if !contract.key.is_empty() {
        lines.push(("Không trùng", format!("Không có hai dòng giống nhau ở: {}", key(Lang::Vi))));
        lines.push(("No two rows", format!("share all of: {}", key(Lang::En))));
    }
    if fields.iter().any(|field| field.filled.is_some()) {
        let filled =
            format!("Mã cơ quan, kỳ báo cáo tự hiện trong {FILLED_ROWS} dòng đầu khi dòng có số liệu.");
        lines.push(("Điền sẵn", filled));
        let filled = format!(
            "The code of the sender and the period appear in the first {FILLED_ROWS} rows once there is a figure in them."
        );
        lines.push(("Filled in", filled));
    }
    if let Some(note) = &contract.note {
        lines.push(("Lưu ý", note.get(Lang::Vi).to_owned()));
        lines.push(("Note", note.get(Lang::En).to_owned()));
    }
    lines
}

/// A column explained, in the order of [`GUIDE_COLUMNS`].
fn about(column: &Column) -> [String; 7] {
    let note = |lang| column.note.as_ref().map_or(String::new(), |note| note.get(lang).to_owned());
    [
        heading(column),
        label(column, Lang::En),
        column.headings[0].clone(),
        rule(column, Lang::Vi),
        rule(column, Lang::En),
        note(Lang::Vi),
        note(Lang::En),
    ]
}

fn label(column: &Column, lang: Lang) -> String {
    column.label.as_ref().map_or_else(|| column.headings[0].clone(), |label| label.get(lang).to_owned())
}

/// What may be written in a column, as a sentence.
fn rule(column: &Column, lang: Lang) -> String {
    let said = |vi: &str, en: &str| Text::both(vi, en).get(lang).to_owned();
    let mut parts = vec![];
    if column.required {
        parts.push(said("Bắt buộc", "Required"));
    }
    parts.push(match &column.kind {
        _ if !column.codes.is_empty() => codes(&column.codes, lang),
        Kind::Boolean { yes, no } => format!("{} / {}", yes.join(", "), no.join(", ")),
        Kind::Text { .. } => said("Văn bản", "Text"),
        Kind::Json => said("Văn bản JSON", "JSON text"),
        Kind::Integer => said("Số nguyên", "A whole number"),
        Kind::Number => said("Số", "A number"),
        Kind::Date(_) => said("Ngày, như 2026-09-30", "A day, such as 2026-09-30"),
        Kind::Timestamp(_) => {
            said("Ngày giờ, như 2026-09-30 08:15:00", "A moment, such as 2026-09-30 08:15:00")
        }
        Kind::Period => said("Kỳ, như 2026, 2026-Q3, 2026-09", "A period, such as 2026, 2026-Q3, 2026-09"),
    });
    if let Some(min) = column.min {
        parts.push(format!("≥ {min}"));
    }
    if let Some(max) = column.max {
        parts.push(format!("≤ {max}"));
    }
    let absent: Vec<&str> =
        column.missing.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    if !absent.is_empty() {
        parts.push(format!("{}: {}", said("không có thì ghi", "nothing is written"), absent.join(", ")));
    }
    parts.join("; ")
}

fn codes(codes: &[Code], lang: Lang) -> String {
    let shown = codes.iter().map(|code| match code.shown(lang) {
        words if words == code.code => words.to_owned(),
        words => format!("{words} ({})", code.code),
    });
    shown.collect::<Vec<_>>().join(", ")
}
