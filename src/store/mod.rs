//! What is kept (SQLite) and what is searched (tantivy), and the language of searches.
