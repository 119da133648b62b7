//! A feed or list page becomes items and faults.
