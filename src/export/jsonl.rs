//! JSON Lines: everything that is known of an incident, in the layout of `breachline show --json`.

use std::io::{self, Write};

use super::Exporter;
use crate::base::json;
use crate::model::incident::Incident;

pub(super) struct Lines;

impl Exporter for Lines {
    fn incident(&mut self, incident: &Incident, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&json::line(incident))
    }
}
