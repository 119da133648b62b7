//! The terminal timeline: state, message → update → effects, view.
