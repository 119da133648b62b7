//! Kept pages become articles, reports, incidents and search documents: what is new, or all of it.
