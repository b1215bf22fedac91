//! The components of the cube: dimensions, measures, attributes, with their concepts and what they take.

/// What a component is in the data structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Dimension,
    Time,
    Measure,
    /// An attribute of the whole data set.
    OfDataSet,
    /// An attribute of all observations with one value of a dimension.
    Of(&'static str),
    /// An attribute of each observation.
    OfObservation,
}

impl Role {
    /// Whether its values say which observation it is.
    pub(super) fn is_in_key(self) -> bool {
        matches!(self, Role::Dimension | Role::Time)
    }
}

/// What a component takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Codes of a list of ours, by the name of the list.
    Codes(&'static str),
    /// Codes of a list that SDMX keeps: its id, its version, our name for it.
    Standard(&'static str, &'static str, &'static str),
    /// Anything of a type of SDMX.
    Type(&'static str),
}

pub(super) struct Component {
    pub id: &'static str,
    pub role: Role,
    pub takes: Takes,
    /// Its name in Vietnamese and in English.
    pub name: [&'static str; 2],
}

use Role::{Dimension, Measure, Of, OfDataSet, OfObservation, Time};
use Takes::{Codes, Standard, Type};

const fn component(id: &'static str, role: Role, takes: Takes, name: [&'static str; 2]) -> Component {
    Component { id, role, takes, name }
}

/// All components, in the order of the key and of the columns.
pub(super) const COMPONENTS: [Component; 23] = [
    component("FREQ", Dimension, Standard("CL_FREQ", "2.1", "frequency"), ["Tần suất", "Frequency"]),
    component("CALENDAR", Dimension, Codes("calendar"), ["Lịch", "Calendar"]),
    component("VIEW", Dimension, Codes("view"), ["Cách xem", "View"]),
    component("INDICATOR", Dimension, Codes("indicator"), ["Chỉ tiêu", "Indicator"]),
    component("ORGANISATION", Dimension, Codes("organisation"), ["Cơ quan", "Organisation"]),
    component("BREAKDOWN", Dimension, Codes("breakdown"), ["Phân tổ", "Breakdown"]),
    component("TIME_PERIOD", Time, Type("ObservationalTimePeriod"), ["Kỳ", "Time period"]),
    component("OBS_VALUE", Measure, Type("Double"), ["Giá trị", "Observation value"]),
    component("NUMERATOR", Measure, Type("Double"), ["Tử số", "Numerator"]),
    component("DENOMINATOR", Measure, Type("Double"), ["Mẫu số", "Denominator"]),
    component("VINTAGE", OfDataSet, Type("Integer"), ["Phiên bản dữ liệu", "Vintage"]),
    component("UNIT_MEASURE", Of("INDICATOR"), Codes("unit"), ["Đơn vị", "Unit of measure"]),
    component(
        "DECIMALS",
        Of("INDICATOR"),
        Standard("CL_DECIMALS", "1.0", "decimals"),
        ["Số chữ số thập phân", "Decimals"],
    ),
    component("LEVEL", Of("ORGANISATION"), Codes("level"), ["Cấp", "Level"]),
    component(
        "OBS_STATUS",
        OfObservation,
        Standard("CL_OBS_STATUS", "2.2", "obs_status"),
        ["Trạng thái quan sát", "Observation status"],
    ),
    component("MISSING", OfObservation, Codes("missing"), ["Lý do thiếu", "Why it is missing"]),
    component("AFTER_BREAK", OfObservation, Type("Boolean"), ["Sau gián đoạn", "First after a break"]),
    component("FORMULA", OfObservation, Type("Integer"), ["Phiên bản công thức", "Version of the formula"]),
    component("PERIOD", OfObservation, Type("String"), ["Tên kỳ", "Name of the period"]),
    component("MAP_ON", OfObservation, Type("String"), ["Ngày của địa giới", "Day of the map"]),
    component("MARK", OfObservation, Codes("mark"), ["Mức tin cậy khi quy đổi", "Mark of restating"]),
    component("QUALITY", OfObservation, Codes("quality"), ["Mức tin cậy", "Quality"]),
    component("SOURCE", OfObservation, Type("String"), ["Nguồn", "Source"]),
];

/// The place of a component.
pub(super) fn place(id: &str) -> usize {
    COMPONENTS.iter().position(|component| component.id == id).expect("a component")
}

/// The components that a condition holds for, with their places.
pub(super) fn those(is: impl Fn(Role) -> bool) -> impl Iterator<Item = (usize, &'static Component)> {
    COMPONENTS.iter().enumerate().filter(move |(_, component)| is(component.role))
}
