//! Entry point of [`ringside_tests::fuzz::election`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ringside_tests::fuzz::election(bytes));
