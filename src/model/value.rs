//! What stands in one field of a report or incident, whichever field it is: to be compared, told and set.

use serde::{Deserialize, Serialize};

use crate::base::day::DayRange;
use crate::model::incident::Incident;
use crate::model::report::{Attacker, DataKind, Field, Figure, Kind, Report};

/// The value of a field. What an incident holds beside it (aliases, other kinds, further figures) is no part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    /// The victim's name.
    Victim(String),
    /// What happened.
    Kind(Kind),
    /// Who is held responsible.
    Attackers(Vec<Attacker>),
    /// The figure that stands; None where there is none.
    Records(Option<Figure>),
    /// Which kinds of data, sorted.
    Data(Vec<DataKind>),
    /// When it happened; None where that is not known.
    Occurred(Option<DayRange>),
    /// When it became known; None where that is not known.
    Disclosed(Option<DayRange>),
    /// Whether it is disputed.
    Disputed(bool),
}

impl Value {
    /// Returns what an incident has in a field.
    pub fn of_incident(incident: &Incident, field: Field) -> Value {
        match field {
            Field::Victim => Value::Victim(incident.victim.name.clone()),
            Field::Kind => Value::Kind(incident.kind),
            Field::Attackers => Value::Attackers(incident.attackers.clone()),
            Field::Records => Value::Records(incident.records.first().copied()),
            Field::Data => Value::Data(incident.data.clone()),
            Field::Occurred => Value::Occurred(incident.occurred),
            Field::Disclosed => Value::Disclosed(incident.disclosed),
            Field::Disputed => Value::Disputed(incident.disputed),
        }
    }

    /// Returns what a report says of a field.
    pub fn of_report(report: &Report, field: Field) -> Value {
        match field {
            Field::Victim => Value::Victim(report.victim.name.clone()),
            Field::Kind => Value::Kind(report.kind),
            Field::Attackers => Value::Attackers(report.attackers.clone()),
            Field::Records => Value::Records(report.records.first().copied()),
            Field::Data => Value::Data(report.data.clone()),
            Field::Occurred => Value::Occurred(report.occurred),
            Field::Disclosed => Value::Disclosed(report.disclosed),
            Field::Disputed => Value::Disputed(report.disputed),
        }
    }

    /// Returns the field.
    pub fn field(&self) -> Field {
        match self {
            Value::Victim(_) => Field::Victim,
            Value::Kind(_) => Field::Kind,
            Value::Attackers(_) => Field::Attackers,
            Value::Records(_) => Field::Records,
            Value::Data(_) => Field::Data,
            Value::Occurred(_) => Field::Occurred,
            Value::Disclosed(_) => Field::Disclosed,
            Value::Disputed(_) => Field::Disputed,
        }
    }

    /// Tells whether two are the same; of figures, whoever gives them.
    pub fn is_same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Records(Some(one)), Value::Records(Some(other))) => one.is_same(other),
            (one, other) => one == other,
        }
    }

    /// Tells whether nothing is said.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Victim(name) => name.is_empty(),
            Value::Attackers(attackers) => attackers.is_empty(),
            Value::Data(data) => data.is_empty(),
            Value::Records(None) | Value::Occurred(None) | Value::Disclosed(None) | Value::Disputed(false) => true,
            Value::Kind(_) | Value::Records(_) | Value::Occurred(_) | Value::Disclosed(_) | Value::Disputed(_) => false,
        }
    }
}
