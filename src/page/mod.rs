//! A page becomes an article, or a reason why it is none.
