//! One round: due sources, their feeds, new items, their pages, all kept.
