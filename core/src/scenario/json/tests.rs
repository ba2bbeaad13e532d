//! What the reader accepts is what an independent reader of JSON accepts, with the same values.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn float(text: &str) -> f64 {
    text.parse().unwrap_or(f64::INFINITY)
}

fn value(text: &str) -> Result<Value, Problem> {
    read(text.as_bytes(), float)
}

fn problem(bytes: &[u8]) -> String {
    Scenario::read(bytes, float).unwrap_err()[0].to_string()
}

#[test]
fn errors_have_a_line_a_column_and_a_remedy() {
    assert_eq!(
        problem(b"{\n  \"seed\": 1,\n}"),
        "line 3, column 1: trailing comma; remove the comma after the last entry"
    );
    assert!(problem(b"{ \"seed\": 1").contains("ends too early"));
    assert!(problem(b"{ seed: 1 }").ends_with("in double quotation marks"));
    assert!(problem(b"{} {}").ends_with("nothing after it"));
    assert!(problem("[".repeat(20).as_bytes()).starts_with("line 1, column 17: values are nested"));
    assert!(problem("{\"set\":".repeat(100_000).as_bytes()).contains("values are nested"));
    assert!(problem(b" \n").contains("is empty"));
    assert!(
        problem("{\"title\": \"é\u{1}\"}".as_bytes()).starts_with("line 1, column 13: a control character")
    );
    assert!(problem(b"{'seed': 1}").contains("line 1, column 2"));
    assert!(problem(b"{\"seed\": 01}").contains("invalid number"));
    assert!(problem(b"{\"seed\": 1e999}").contains("out of range"));
    assert!(problem(b"{\"title\": \"\\ud800\"}").contains("surrogate"));
}

#[test]
fn a_comment_has_a_remedy_that_fits() {
    for text in [
        "// a\n{}",
        "{ /* a */ }",
        "{\"seed\": 1 // a\n}",
        "{\"seed\": 1, # a\n}",
        "{} // a",
        "{\"seed\" /**/: 1}",
    ] {
        assert!(problem(text.as_bytes()).ends_with("can be its \"title\""), "{text}");
    }
}

#[test]
fn other_encodings_are_named_with_the_byte() {
    assert_eq!(problem(b"{\"title\": \"caf\xE9\"}"), "byte 14: is not UTF-8 text; save the file as UTF-8");
    for bytes in [&b"\xFF\xFE{\0}\0"[..], b"\xFE\xFF\0{\0}", b"{\0}\0", b"\0{\0}"] {
        assert_eq!(problem(bytes), "byte 0: is not UTF-8 text: it looks like UTF-16; save the file as UTF-8");
    }
    assert!(Scenario::read(b"\xEF\xBB\xBF{}", float).is_ok(), "a byte order mark");
}

#[test]
fn integers_are_exact_and_keys_are_kept_twice() {
    let seed = |text: &str| Scenario::read(text.as_bytes(), float).map(|scenario| scenario.seed);
    assert_eq!(seed("{\"seed\": 9007199254740993}"), Ok(9_007_199_254_740_993));
    assert_eq!(seed("{\"seed\": 18446744073709551615}"), Ok(u64::MAX));
    assert!(problem(b"{\"seed\": 18446744073709551616}").contains("found 18446744073709551616"));
    assert_eq!(problem(b"{\"seed\": 1, \"seed\": 2}"), "seed: is written twice; remove one of the two");
    assert!(problem(b"{\"set\": {\"network\": {\"loss\": 0, \"loss\": 1}}}").contains("twice"));
    assert!(problem(b"{\"commands\": [{\"at\": 1, \"at\": 2, \"kind\": \"heal\"}]}").contains("twice"));
}

#[test]
fn escapes_are_those_of_json() {
    let text = value(r#""\"\\\/\b\f\n\r\tA\ud83d\ude00""#);
    assert_eq!(text, Ok(Value::String("\"\\/\u{8}\u{c}\n\r\tA\u{1F600}".to_owned())));
}

/// Whether two values are equal up to the rounding of the other reader, whose integers have 64 bits.
fn is_same(value: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Array(list), Value::Array(others)) => {
            list.len() == others.len() && list.iter().zip(others).all(|(value, other)| is_same(value, other))
        }
        (Value::Object(map), Value::Object(others)) => {
            let is_same_entry = |(entry, other): (&(String, Value), &(String, Value))| {
                entry.0 == other.0 && is_same(&entry.1, &other.1)
            };
            map.len() == others.len() && map.iter().zip(others).all(is_same_entry)
        }
        (_, Value::Float(other)) => {
            let number = value.as_number().unwrap_or(f64::NAN);
            (number - other).abs() <= other.abs() * 4.0 * f64::EPSILON
        }
        _ => value == other,
    }
}

/// A piece of a text that may be JSON.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\\[\\]{},:\" \n]",
        "-?[0-9]{1,22}(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?",
        "\"(seed|set|network|loss|[a-z]{0,3}|\\\\[nu\"/x]|\\\\ud83d|\\\\ude00|\\\\u00e9|é)*\"(: ?)?",
        "true|false|null|nul|'|//|#|\\.5|\\+1|01|NaN|-|1\\.|1e",
    ]
}

/// A text of JSON, before a piece of it is replaced.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof!["-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,3})?", "\"[a-zé ]{0,4}\"", "true|false|null"];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(", "))),
            vec(("[a-z]{0,2}", inner), 0..4).prop_map(|map| {
                let entries = map.into_iter().map(|(key, value)| format!("\"{key}\":{value}"));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

fn agrees(text: &str) -> Result<(), TestCaseError> {
    let other = serde_json::from_str::<Value>(text).ok();
    match (value(text).ok(), other) {
        (None, None) => Ok(()),
        (Some(value), Some(other)) if is_same(&value, &other) => Ok(()),
        different => Err(TestCaseError::fail(format!("{text}: {different:?}"))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn pieces_are_read_as_another_reader_reads_them(pieces in vec(piece(), 1..8)) {
        agrees(&pieces.concat())?;
    }

    #[test]
    fn broken_json_is_read_as_another_reader_reads_it(text in json(), at in any::<prop::sample::Index>(), piece in piece()) {
        agrees(&text)?;
        let starts: Vec<_> = text.char_indices().map(|(start, _)| start).collect();
        let start = *at.get(&starts);
        let end = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
        agrees(&format!("{}{piece}{}", &text[..start], &text[end..]))?;
    }
}
