//! A small news web inside the process, for trying breachline without a network.
