//! Entry point of [`ringside_tests::fuzz::link`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ringside_tests::fuzz::link(bytes));
