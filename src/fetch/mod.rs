//! The network behind one trait: what was asked for, what came, or why not.
